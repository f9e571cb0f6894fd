"""What customers did not see follows them: as a push to their browser, then by e-mail."""
