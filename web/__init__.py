"""The public process: help center, chat API, agent console."""
