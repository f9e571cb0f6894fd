"""The assistant's actions, flat: one file a concern. They answer and command; web acts."""
