"""The border between a student's process, which gives answers, and the checks, which judge them.

A *checker*, a process of its own, holds the checks, what they expect and the hidden tests, and
runs every test cell; no code of a student ever runs there. The student's process only answers:
what a name holds, what came of a call. Answers come over as plain data; what is none stays there
and is asked by its number.
"""
