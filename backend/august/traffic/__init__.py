"""Who came to see what: exposures and visits of every store, as the market recorded them."""
