"""The chat that customers see: the loader for any site, its modules, and the in-app page."""
