"""What every room stands on; no business word in here."""
