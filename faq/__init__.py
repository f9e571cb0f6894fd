"""The content editors' tools: check, try, compare, report, exchange. Plain Python on `search`."""
