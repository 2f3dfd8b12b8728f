"""What every check stands on: results, the score, and how an answer is read."""
