"""A conversation read as one: its state, the acts of its messages, the facts told in it.

Knows `search` and nothing of Rasa or the web; bot and web use it alike.
"""
