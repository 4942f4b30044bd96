"""首页: what needs doing in the store, in order of urgency."""
