"""The offers of the festival, one file each; the registry holds them in the order of the release."""
