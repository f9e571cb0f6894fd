"""The editors' pages at /editor: FAQs and announcements, never a conversation."""
