"""The desk's domain: conversations, their events, the queue and the agents. No Flask here."""
