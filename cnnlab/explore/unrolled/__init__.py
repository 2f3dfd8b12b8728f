"""A recurrent network that spells, unrolled step by step."""
