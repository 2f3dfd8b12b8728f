"""Windows of several words over a sentence, and which of them wins the maximum over time."""
