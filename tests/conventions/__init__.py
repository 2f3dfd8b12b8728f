"""What the course and PyTorch answer to the questions of ``cnnlab.conventions``.

Each function asks one question of one library, by the row's id. Other libraries are asked by the
files in ``benchmarks/libraries``, which need what is not among the course's tools.
"""
