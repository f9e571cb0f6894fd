"""The wallet: what it knows of a customer's payments, asked for when a question needs it."""
