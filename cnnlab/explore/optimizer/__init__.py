"""Paths of optimisers over a surface: who arrives, who is on the way, who diverges."""
