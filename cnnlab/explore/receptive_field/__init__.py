"""What a unit sees through a stack of layers."""
