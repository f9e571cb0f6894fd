"""The agents' console at /desk."""
