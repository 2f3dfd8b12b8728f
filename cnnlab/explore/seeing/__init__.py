"""What a network's answer depends on: maps over a photograph or a digit."""
