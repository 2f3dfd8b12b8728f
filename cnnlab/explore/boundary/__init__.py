"""The line of a unit, the truth table it makes, and what hidden units add."""
