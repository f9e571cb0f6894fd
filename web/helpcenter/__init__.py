"""The help center's pages, rendered on the server; they work without JavaScript."""
