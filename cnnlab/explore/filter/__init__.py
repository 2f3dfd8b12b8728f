"""One kernel over one photograph."""
