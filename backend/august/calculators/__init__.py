"""Every rule as a pure question, without a sandbox."""
