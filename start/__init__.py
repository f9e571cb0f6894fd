"""Set-up, run and test of the whole product, on nothing but the system's Python."""
