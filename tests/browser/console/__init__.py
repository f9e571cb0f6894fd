"""Agents at their pages in Chromium, and the customers whom they have."""
