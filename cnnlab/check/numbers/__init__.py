"""Answers in numbers along one axis: sizes, paddings, receptive fields, unread pixels."""
