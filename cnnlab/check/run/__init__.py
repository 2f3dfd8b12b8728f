"""Running a student's functions: what goes over, what came of it, and how it is said."""
