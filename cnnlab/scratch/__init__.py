"""Layers from scratch in NumPy."""
