"""The cheapest path to the next star: what a store can do, and a search over it (S1)."""
