"""Who trades: stores and buyers."""
