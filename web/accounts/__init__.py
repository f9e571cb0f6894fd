"""The staff's accounts: signing in, second factors, sessions, and who may look after whose."""
