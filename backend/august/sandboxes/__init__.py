"""The control plane: accounts, sandboxes, checkpoints, and the door from a request to its world."""
