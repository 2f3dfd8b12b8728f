"""Compound scaling: one number makes a network deeper, wider and finer."""
