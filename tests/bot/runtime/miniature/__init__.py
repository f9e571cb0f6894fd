"""A miniature of the assistant, for tests of what runs it."""
