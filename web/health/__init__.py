"""For operators: alive, ready, numbers."""
