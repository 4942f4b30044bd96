"""Evidence: the rows that the numbers of a star are counted from (S1)."""
