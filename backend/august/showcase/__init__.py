"""Showcases (橱窗): slots of the storefront in which a store puts the products it bets on."""
