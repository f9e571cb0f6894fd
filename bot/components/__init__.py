"""NLU components of the assistant."""
