"""Networks of the zoo as folded diagrams: what is in a block, where weights and work are."""
