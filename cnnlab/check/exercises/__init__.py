"""What labs ask for, as values: references, the cases they are tried on, wrong models."""
