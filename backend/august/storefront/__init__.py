"""The buyer's side: search, stores, products, My Alibaba; seen as any buyer of the world."""
