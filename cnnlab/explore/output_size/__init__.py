"""Windows along one axis: how many fit, and what is left over."""
