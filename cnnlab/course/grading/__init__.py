"""Grading a lab: hand it out, collect it, grade it, give it back, over nbgrader."""
