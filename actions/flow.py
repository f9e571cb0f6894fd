"""How a flow's form ends."""

from __future__ import annotations

from flows import SOLVED, Flow, Step

__all__ = [
    "ASKED",
    "CANCELLED",
    "DECLINED",
    "KEPT",
    "LATER",
    "LEFT",
    "MISSED",
    "SAID",
    "SOLVED",
    "UNSOLVED",
    "URGENT",
    "Flow",
    "Step",
]

# "human/<reason>", "switch/<flow>" and "ask/<faq>" (another question takes its place) name more.
CANCELLED = "cancelled"
LATER = "later"
KEPT = "kept"
DECLINED = "declined"
LEFT = "left"
SAID = "said"  # all has been said
UNSOLVED = "human/unsolved"
ASKED = "human/asked"
URGENT = "human/urgent"
MISSED = "human/missed"
