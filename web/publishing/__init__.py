"""What editors write on its way to customers: versions, drafts, who publishes, and when."""
