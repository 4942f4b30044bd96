"""The rule channel."""
