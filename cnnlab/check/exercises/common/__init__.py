"""What exercises share: how one is written down, its numbers, and what many get wrong alike."""
