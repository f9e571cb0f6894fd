"""Customers talk while processes are killed and stopped: what was acknowledged must be there, once.

`make chaos` (`python -m tests.chaos`) runs a campaign on SQLite (a web, a bot) and one on
PostgreSQL, Redis and nginx (two webs, two bots), and prints what was acknowledged, lost, doubled,
out of order, and owed longer than 15 s after the last fault's end. It ends with 1 unless all but
the first are 0 and each fault had its time.
"""
