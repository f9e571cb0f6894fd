"""A wallet to try the help center with: the contract of docs/wallet-api.yaml, on SQLite."""
