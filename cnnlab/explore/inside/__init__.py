"""A look inside a trained network: from a drawn digit down to a single sum."""
