"""A computation graph: values travel forward, error signals travel back."""
