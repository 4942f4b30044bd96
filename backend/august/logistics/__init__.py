"""Logistics (物流服务): freight orders, full containers (海运整柜), coupons and reductions (F6-F10)."""
