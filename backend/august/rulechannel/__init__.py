"""The rule channel (规则频道): every rule with its origin, its source and its time."""
