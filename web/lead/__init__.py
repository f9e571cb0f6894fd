"""The lead's pages at /console: the floor as it is now, and the days in review."""
