"""The rights of the persons whose data is kept: how long, what, and its end."""
