"""August: a training sandbox of a cross-border B2B seller."""
