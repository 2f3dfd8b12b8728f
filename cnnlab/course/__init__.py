"""What authors and instructors use, never a lesson: the tools that make and check the course.

Its modules are the commands of ``python -m cnnlab``: ``refresh`` runs notebooks again,
``glossary`` and ``labs`` make notebooks from others, ``prose`` finds the numbers in the text,
``pages`` and ``slides`` write the course for the web, ``doctor`` looks at the installation, and
``grading`` takes a lab through a class.
"""
