"""Product growth: from a listed product to one that earns."""
