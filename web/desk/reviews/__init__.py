"""Conversations that a lead judges by a form of points: the form, the draw, what was given."""
