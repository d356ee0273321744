"""What we recorded: journal, projection and outbox, which commit together or not at all."""
