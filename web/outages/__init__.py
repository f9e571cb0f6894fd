"""Who asked about an outage that editors announced, and is told when it is over."""
