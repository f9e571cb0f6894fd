"""Who looked at what and changed what: a record that only grows."""
