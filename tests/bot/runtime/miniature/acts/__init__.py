"""The miniature's actions."""
