"""Whether a number is its customer's: a link sent to it, confirmed by one tap."""
