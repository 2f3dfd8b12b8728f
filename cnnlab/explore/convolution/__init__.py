"""One layer in single numbers: every sum, and what hangs together with what."""
