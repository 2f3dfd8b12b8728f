"""Settings that every test shares; they reach worker processes and notebook kernels too."""

import os

# Before NumPy and PyTorch load: one thread each, since pytest-xdist already keeps every core
# busy, and so that sums come out the same on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("CNNLAB_QUIET", "1")  # no progress bars
os.environ.pop("MPLBACKEND", None)  # or notebook kernels would not show figures inline

import matplotlib as mpl
from hypothesis import HealthCheck, settings

mpl.use("agg")  # tests open no windows; unlike the variable, this leaves the kernels alone

# The same examples every time, and no verdict that depends on how busy the machine is.
settings.register_profile(
    "cnnlab",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cnnlab")
