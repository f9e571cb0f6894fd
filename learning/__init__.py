"""What is learned from examples: groups of characters, weights for them, and where they are kept.

Imports nothing of ours.
"""
