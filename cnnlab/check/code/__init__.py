"""Checks that run a student's code: functions, gradients, layers and arrays."""
