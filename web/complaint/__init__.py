"""Complaints: a letter from five answers, and the pack of evidence that goes with it."""
