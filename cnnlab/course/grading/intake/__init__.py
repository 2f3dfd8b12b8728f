"""Take in what was handed in: keep it all, tell whose it is, and which of it is graded."""
