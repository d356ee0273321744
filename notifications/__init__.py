"""Telling people: who must hear what, the message itself, and its delivery."""
