"""From a line of text to a graph. The text is read, never run."""

import ast
from collections.abc import Iterator

from cnnlab.scratch.graph.graph import Graph, Node
from cnnlab.scratch.graph.operations import OPERATIONS

MOST_CHARACTERS = 400
MOST_NODES = 60
LARGEST_POWER = 10
LARGEST_NUMBER = 1e100

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_FUNCTIONS = tuple(name for name in OPERATIONS if name.isalpha() and name != "neg")


def parse(text: str) -> Graph:
    """Read an expression as a graph.

    Parameters
    ----------
    text : str
        Assignments such as ``"z = w*x + b; y = sigmoid(z)"``, separated by semicolons or lines;
        the last part is the output and may go without a name. Every name that is not assigned
        is a variable. Known are ``+ - * / **``, numbers, parentheses, and exp, log, sqrt, sin,
        cos, tanh, sigmoid, relu.

    Returns
    -------
    Graph
        A node for each variable, constant and operation; what has no name is called v1, v2, …

    Raises
    ------
    ValueError
        If the text is too long or says anything else; the message quotes what.

    Examples
    --------
    >>> parse("z = w*x + b; sigmoid(z)").names
    ('w', 'x', 'v1', 'b', 'z', 'v2')
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f'expression: it must be text such as "w*x + b", not {text!r}.')
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"expression: at most {MOST_CHARACTERS} characters fit, but there are {len(text)}. "
            "Write less."
        )
    try:
        statements = ast.parse(text.strip().replace("^", "**")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            f'expression: it must read like "z = w*x + b; y = sigmoid(z)", but {text!r} does not.'
        ) from None
    reader = _Reader(statements)
    for statement in statements:
        reader.read(statement)
    return Graph(tuple(reader.nodes.values()))


class _Reader:
    """Collects nodes while it walks through the syntax."""

    def __init__(self, statements: list[ast.stmt]) -> None:
        self.nodes: dict[str, Node] = {}
        written = {
            node.id for s in statements for node in ast.walk(s) if isinstance(node, ast.Name)
        }
        self._free = (f"v{i}" for i in range(1, 1_000_000) if f"v{i}" not in written)
        self._later = {name for s in statements for name in _targets(s)}

    def read(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Expr):
            self._value(statement.value)
            return
        names = list(_targets(statement))
        if not isinstance(statement, ast.Assign) or len(names) != 1:
            raise ValueError(
                "expression: each part must be a value or one assignment, but "
                f"{ast.unparse(statement)!r} is neither. Write it like z = w*x + b."
            )
        if names[0] in self.nodes:
            raise ValueError(
                f"expression: a name must be assigned once, before it is read, but {names[0]!r} "
                "has a value already. Use a new name."
            )
        self._value(statement.value, names[0])
        self._later.discard(names[0])

    def _value(self, syntax: ast.expr, name: str = "") -> str:
        """Add what this piece of syntax needs, and return the name of its node."""
        match syntax:
            case ast.Name(id=known):
                return self._copy(self._name(known), name)
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self._add(name, constant=_number(number))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return self._add(name, constant=-_number(number))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._add(name, "neg", (operand,))
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _SIGNS:
                if isinstance(op, ast.Pow):
                    _check_power(right)
                return self._add(name, _SIGNS[type(op)], (left, right))
            case ast.Call(func=ast.Name(id=function), args=[argument], keywords=[]) if (
                function in _FUNCTIONS
            ):
                return self._add(name, function, (argument,))
        raise ValueError(
            f"expression: only numbers, names, + - * / **, parentheses and {', '.join(_FUNCTIONS)} "
            f"of one value are known, not {ast.unparse(syntax)!r}."
        )

    def _add(
        self,
        name: str,
        operation: str = "",
        reads: tuple[ast.expr, ...] = (),
        constant: float | None = None,
    ) -> str:
        parents = tuple(self._value(syntax) for syntax in reads)
        name = name or next(self._free)
        if len(self.nodes) >= MOST_NODES:
            raise ValueError(f"expression: at most {MOST_NODES} nodes can be drawn; write less.")
        self.nodes[name] = Node(name, operation, parents, constant)
        return name

    def _name(self, name: str) -> str:
        if name in self.nodes:
            return name
        if name in self._later:
            raise ValueError(
                f"expression: {name!r} is read before it is assigned. Move its assignment up."
            )
        if name in _FUNCTIONS:
            raise ValueError(f"expression: {name} is a function; write {name}(…).")
        self.nodes[name] = Node(name)
        return name

    def _copy(self, known: str, name: str) -> str:
        """A second name for a node: it gets a node of its own, which adds 0."""
        if not name:
            return known
        zero = self._add("", constant=0.0)
        self.nodes[name] = Node(name, "+", (known, zero))
        return name


def _targets(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _number(number: float) -> float:
    if abs(number) > LARGEST_NUMBER:
        raise ValueError(
            f"expression: a number must be between -{LARGEST_NUMBER:g} and {LARGEST_NUMBER:g}, "
            "but one is larger. Write smaller numbers."
        )
    return float(number)


def _check_power(exponent: ast.expr) -> None:
    number = exponent.operand if isinstance(exponent, ast.UnaryOp) else exponent
    value = number.value if isinstance(number, ast.Constant) else None
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > LARGEST_POWER:
        raise ValueError(
            f"expression: an exponent must be a number of at most {LARGEST_POWER}, not "
            f"{ast.unparse(exponent)!r}. For e to the power of x, write exp(x)."
        )
