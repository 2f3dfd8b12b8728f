"""How a scene looks: a plain dict in, SVG out."""
