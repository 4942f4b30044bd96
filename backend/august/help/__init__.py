"""The customer service center (客户服务中心): help articles, terms, one search over all (F11)."""
