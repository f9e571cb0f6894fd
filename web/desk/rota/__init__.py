"""排班: when agents are to be at the desk, and whether they are."""
