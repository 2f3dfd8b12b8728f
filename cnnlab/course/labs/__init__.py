"""Labs: one source each, and what is made from it.

The source, ``notebooks/.sources/NN_lab_topic.ipynb``, is a notebook in nbgrader's format with its
solutions in it. ``python -m cnnlab labs`` makes the students' notebooks from the sources, and
``python -m cnnlab solution`` shows a learner the solution of one step. To add a lab, write its
source, with the helpers of :mod:`cnnlab.course.labs.cells` or in JupyterLab, and run
``python -m cnnlab refresh`` on it, then ``python -m cnnlab labs``.
"""

from cnnlab.course.labs.files import make, solution, source_of
from cnnlab.course.labs.problems import problems
from cnnlab.course.labs.source import solutions, student_version

__all__ = ["make", "problems", "solution", "solutions", "source_of", "student_version"]
