"""Benefits of star levels (权益中心): issued each month, claimed, used, expired, revoked."""
