"""Refund disputes: their reasons, their deadlines, and who is liable."""
