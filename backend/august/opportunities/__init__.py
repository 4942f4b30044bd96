"""Inquiries, chats and the way from a question to an order."""
