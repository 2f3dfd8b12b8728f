"""A recurrent network that spells, step by step, forward and back through time."""
