"""The domain, pure: routes, machines, rondes, calendars, planning. No files, database, clock or mail."""
