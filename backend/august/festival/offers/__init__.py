"""Offers of the festival, one file each; `registry` lists them in the order of the release."""
