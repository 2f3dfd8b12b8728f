"""Maximum and average pooling, forward and backward."""
