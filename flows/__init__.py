"""Guided flows as data: what a file of data/flows says, checked, and followed while it changes."""

from flows.flow import SKIPPED, SOLVED, Button, Cause, Choice, Flow, Step
from flows.live import Flows

__all__ = ["SKIPPED", "SOLVED", "Button", "Cause", "Choice", "Flow", "Flows", "Step"]
