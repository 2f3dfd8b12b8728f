"""Conventions that libraries differ in, each as a rerun of one of our layers.

A file a family of layers. Each function takes a step of ours and yields pairs: what theirs does,
in words that continue "theirs …", and what our layer would give if it did so too.
"""
