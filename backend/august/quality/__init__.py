"""The product information quality ball."""
