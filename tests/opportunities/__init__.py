"""Inquiries and chats."""
