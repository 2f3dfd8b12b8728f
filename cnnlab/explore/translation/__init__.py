"""What follows a digit that moves, and what falls apart."""
