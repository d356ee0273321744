"""Channels through which messages leave, each an Apprise plugin."""
