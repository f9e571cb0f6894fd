"""What outranks everything: danger to life, and a fraud that is going on.

Asked first for every message, wherever it comes in. Words stand in data/safety/; imports nothing
of ours, so that bot, web and search box may use it alike.
"""

from safety.fraud import Fraud
from safety.life import Life

__all__ = ["Fraud", "Life"]
