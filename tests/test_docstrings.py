"""Public functions are documented in full, so that a reader need not open the source."""

import importlib
import inspect
import pkgutil
import re

import pytest
from numpydoc.docscrape import NumpyDocString

import cnnlab

# Words that say what an array's shape is: (N, C, H, W), (K,), shape (C, H, W), (N, ...).
SHAPE = re.compile(r"\((?:[A-Za-z][\w'′]*|\.\.\.|\d+)(?:, ?(?:[^()]*))?,?\)|shape|same shape")


def public():
    """Functions and classes that a room offers under a name of its own, once each."""
    found = {}
    for info in pkgutil.walk_packages(cnnlab.__path__, "cnnlab."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, thing in vars(module).items():
            ours = getattr(thing, "__module__", "") == info.name
            if (
                ours
                and not name.startswith("_")
                and (inspect.isfunction(thing) or inspect.isclass(thing))
            ):
                found[f"{info.name}.{name}"] = thing
    return found


def offered(room):
    """Names that a room offers: those it lists, or all that come from its own files."""
    own = f"{room.__name__}."
    theirs = ((name, getattr(thing, "__module__", "")) for name, thing in vars(room).items())
    ours = [name for name, module in theirs if module.startswith(own)]
    return getattr(room, "__all__", ours)


PUBLIC = public()
OFFERED = {
    f"cnnlab.{room}.{name}": getattr(getattr(cnnlab, room), name)
    for room in cnnlab.__all__
    if inspect.ismodule(getattr(cnnlab, room))
    for name in offered(getattr(cnnlab, room))
}
FUNCTIONS = {name: thing for name, thing in OFFERED.items() if inspect.isfunction(thing)}


def parse(thing):
    return NumpyDocString(inspect.getdoc(thing) or "")


def named(section):
    """Names of a section's entries; one entry may name several: ``stride, padding : int``."""
    return {name.strip().lstrip("*") for entry in section for name in entry.name.split(",")}


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_everything_public_says_what_it_is(name):
    text = inspect.getdoc(PUBLIC[name]) or ""
    assert text.strip(), f"{name} has no docstring"
    assert text.split("\n\n")[0].rstrip()[-1] in ".:?`", text.split("\n\n")[0]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_documented_parameters_are_the_parameters(name):
    documented = named(parse(FUNCTIONS[name])["Parameters"])
    assert documented == set(inspect.signature(FUNCTIONS[name]).parameters)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_arrays_state_their_shape(name):
    for entry in parse(FUNCTIONS[name])["Parameters"] + parse(FUNCTIONS[name])["Returns"]:
        says = " ".join([entry.type, *entry.desc])
        if re.search(r"\b(array|tensor|ndarray|Tensor)\b", entry.type):
            assert SHAPE.search(says), f"{entry.name} : {entry.type}"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_functions_show_an_example(name):
    assert ">>>" in inspect.getdoc(FUNCTIONS[name]), f"{name} shows no example"
