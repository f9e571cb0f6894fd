"""Telling open pages what is new: a bus between requests, and server-sent events."""
