"""Runs the assistant: training, loading, actions in process, memory, the HTTP channel."""
