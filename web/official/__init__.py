"""官方核验: whether a number, a link, an address or a badge is really ours."""
