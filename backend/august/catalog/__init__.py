"""The product catalogue: products, freight templates, pictures, tables."""
