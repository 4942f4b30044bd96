"""Glue between handlers and browsers: templates, htmx, forms, tables, texts, security, menu."""
