"""The Rasa assistant: domain, rules, the NLU component that asks `search`, and its runtime."""
