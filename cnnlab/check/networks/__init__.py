"""Checks of whole networks, of their training and of their modes."""
