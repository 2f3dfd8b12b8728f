"""Dresses: the same right function, written or wrapped as another person would."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch

Function = Callable[..., Any]


class Row(NamedTuple):
    """Right functions for one exercise.

    Attributes
    ----------
    right : dict
        Functions by their style; the first is dressed up in all ``DRESSES``.
    asks : tuple of str or None
        As in :func:`cnnlab.check.function`.
    bare : frozenset of str
        Dresses that do not suit it.
    """

    right: dict[str, Function]
    asks: tuple[str, ...] | None = None
    bare: frozenset[str] = frozenset()


def by_name(*functions: Function) -> dict[str, Function]:
    """Styles by the names of their functions."""
    return {function.__name__: function for function in functions}


def _made(source: str, f: Function) -> Function:
    scope: dict[str, Any] = {"f": f}
    exec(source, scope)
    made: Function = scope["g"]
    return made


def _parts(f: Function) -> tuple[list[str], dict[str, Any]]:
    """Arguments without and with a default."""
    own = inspect.signature(f).parameters.values()
    needed = [p.name for p in own if p.default is p.empty]
    return needed, {p.name: p.default for p in own if p.default is not p.empty}


def _signature(f: Function, names: dict[str, str], positional: str = "", settings: str = "") -> str:
    needed, defaults = _parts(f)
    parts = [names.get(name, name) for name in needed]
    parts += [positional] if positional else []
    parts += [settings] if settings else []
    return ", ".join([*parts, *(f"{names.get(k, k)}={v!r}" for k, v in defaults.items())])


def other_names(f: Function) -> Function:
    every = [name for part in _parts(f) for name in part]
    names = dict(zip(every, "qrtuvwz", strict=False))
    return _made(f"def g({_signature(f, names)}): return f({', '.join(names.values())})", f)


def other_names_of_arrays(f: Function) -> Function:
    needed, defaults = _parts(f)
    names = dict(zip(needed, "qrtuvwz", strict=False))
    handed = [*names.values(), *(f"{key}={key}" for key in defaults)]
    return _made(f"def g({_signature(f, names)}): return f({', '.join(handed)})", f)


def as_lambda(f: Function) -> Function:
    every = [name for part in _parts(f) for name in part]
    names = dict(zip(every, "abcdeghij", strict=False))
    return _made(f"g = lambda {_signature(f, names)}: f({', '.join(names.values())})", f)


def positional_only(f: Function) -> Function:
    needed, defaults = _parts(f)
    names = dict(zip(needed, "qrtuvwz", strict=False))
    handed = [*names.values(), *(f"{key}={key}" for key in defaults)]
    return _made(f"def g({_signature(f, names, positional='/')}): return f({', '.join(handed)})", f)


def keyword_only_settings(f: Function) -> Function:
    needed, defaults = _parts(f)
    handed = [*needed, *(f"{key}={key}" for key in defaults)]
    star = "*" if defaults else ""
    return _made(f"def g({_signature(f, {}, settings=star)}): return f({', '.join(handed)})", f)


def any_arguments(f: Function) -> Function:
    return lambda *args: f(*args)


def any_settings(f: Function) -> Function:
    needed, _ = _parts(f)
    names = ", ".join(needed)
    return _made(f"def g({names}, **settings): return f({names}, **settings)", f)


def everything_by_name(f: Function) -> Function:
    return lambda **named: f(**named)


def decorated_without_wraps(f: Function) -> Function:
    def timed(*args: Any, **settings: Any) -> Any:
        return f(*args, **settings)

    return timed


def decorated_over_other_names(f: Function) -> Function:
    return decorated_without_wraps(other_names(f))


def decorated_with_wraps(f: Function) -> Function:
    return functools.wraps(f)(decorated_without_wraps(f))


def as_partial(f: Function) -> Function:
    def general(*args: Any, verbose: bool, **settings: Any) -> Any:
        return f(*args, **settings)

    return functools.partial(general, verbose=False)


def as_partial_of_names(f: Function) -> Function:
    return functools.partial(other_names_of_arrays(f))


class Layer:
    """A callable object."""

    def __init__(self, f: Function) -> None:
        self.f = f

    def __call__(self, *args: Any, **settings: Any) -> Any:
        return self.f(*args, **settings)

    def method(self, *args: Any, **settings: Any) -> Any:
        return self.f(*args, **settings)


def callable_object(f: Function) -> Function:
    return Layer(f)


def bound_method(f: Function) -> Function:
    return Layer(f).method


def _narrowed(value: Any) -> Any:
    """What a function of tensors does first: methods that arrays do not have."""
    if isinstance(value, int | float | tuple | str | bool) or value is None:
        return value
    return value.detach().clone().numpy()


def of_tensors(f: Function) -> Function:
    needed, defaults = _parts(f)
    handed = [*(f"n({name})" for name in needed), *(f"{key}=n({key})" for key in defaults)]
    made = _made(
        f"def g({_signature(f, {})}): return t(f({', '.join(handed)}))",
        f,
    )
    made.__globals__.update(n=_narrowed, t=_tensor)
    return made


def of_tensors_in_other_names(f: Function) -> Function:
    return other_names(of_tensors(f))


def _tensor(value: Any) -> Any:
    return torch.tensor(np.asarray(value)) if not isinstance(value, tuple) else value


def _after(change: Callable[[Any], Any]) -> Callable[[Function], Function]:
    """Change what comes out."""

    def dress(f: Function) -> Function:
        @functools.wraps(f)
        def g(*args: Any, **settings: Any) -> Any:
            return change(f(*args, **settings))

        return g

    return dress


def _lists(y: Any) -> Any:
    return np.asarray(y).tolist()


def _tuples(rows: Any) -> Any:
    return tuple(map(_tuples, rows)) if isinstance(rows, list) else rows


def _objects(y: Any) -> Any:
    return np.asarray(y).astype(object)


def _strided(y: Any) -> Any:
    y = np.asarray(y)
    wide = np.zeros((*y.shape, 2), y.dtype)
    wide[..., 0] = y
    return wide[..., 0]


def _read_only(y: Any) -> Any:
    y = np.array(y)
    y.flags.writeable = False
    return y


# How the same function may be written, called or packed; the last ones change what comes out.
DRESSES: dict[str, Callable[[Function], Function]] = {
    "other names": other_names,
    "other names of arrays": other_names_of_arrays,
    "lambda": as_lambda,
    "positional only": positional_only,
    "settings by name only": keyword_only_settings,
    "*args": any_arguments,
    "**settings": any_settings,
    "everything by name": everything_by_name,
    "decorated without wraps": decorated_without_wraps,
    "decorated over other names": decorated_over_other_names,
    "decorated with wraps": decorated_with_wraps,
    "partial": as_partial,
    "partial of other names": as_partial_of_names,
    "callable object": callable_object,
    "bound method": bound_method,
    "of tensors": of_tensors,
    "of tensors in other names": of_tensors_in_other_names,
    "gives a tensor": _after(_tensor),
    "gives lists": _after(_lists),
    "gives tuples": _after(lambda y: _tuples(_lists(y))),
    "gives objects": _after(_objects),
    "in Fortran's order": _after(lambda y: np.asarray(y, order="F")),
    "a view of something larger": _after(_strided),
    "read-only": _after(_read_only),
}
# A float32 array must stay one, and lists or objects have no such type.
TYPELESS = frozenset({"gives lists", "gives tuples", "gives objects"})
