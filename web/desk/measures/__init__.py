"""What the lead measures: the floor as it stands now, answer times, promises, days in review."""
