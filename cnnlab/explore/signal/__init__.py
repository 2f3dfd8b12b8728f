"""What becomes of a signal on its way through many layers, and of the error signal back."""
