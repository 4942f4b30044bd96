"""Rivals, demand and the growing of worlds: reads every room, and nobody reads it."""
