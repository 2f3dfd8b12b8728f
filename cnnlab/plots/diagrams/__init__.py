"""Networks drawn: as blocks with their shapes, as units and lines, as graphs."""
