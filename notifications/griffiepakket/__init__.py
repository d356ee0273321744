"""A griffie's files: one ZIP per council with letters and forms in Word, filled in with what that council may be told."""
