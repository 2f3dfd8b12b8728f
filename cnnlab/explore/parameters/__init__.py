"""Where the parameters of a network are."""
