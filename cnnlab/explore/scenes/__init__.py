"""What there is to draw: settings in, a plain dict of numbers and sentences out."""
