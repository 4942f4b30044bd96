"""Guarantees around an order: Easy Return (无忧退) and the delivery-by guarantee (慢必赔) (F1, F4)."""
