"""The part of a course that nbgrader does: the gradebook, points, pages for students."""
