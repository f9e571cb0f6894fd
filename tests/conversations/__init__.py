"""Scripted dialogues with the really trained bot, through the real web API."""
