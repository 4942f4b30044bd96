"""Merchant star levels (商家星等级): monthly evaluation, daily prediction, what is missing and why."""
