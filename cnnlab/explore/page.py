"""The page's half of every explorer: one script and one style sheet, read once a page.

Each widget carries its script, and a page would read and restyle anew for each of them, which
takes longer than to show the explorer.
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static"
SCRIPT = (STATIC / "explorer.js").read_text("utf-8")
STYLE = (STATIC / "explorer.css").read_text("utf-8")

_ONCE = """const [name, script, style] = %s;
const read = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets.push(sheet);
  return import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
};
export default async () => (await (globalThis[name] ??= read())).default;
"""


@cache
def once(script: str = SCRIPT) -> str:
    """Write the script of a widget, which reads the one for all unless the page has read it.

    Scripts go by a name made from what they say, so that a page takes a new one after an update.

    Parameters
    ----------
    script : str
        That of all explorers, or a longer one of an explorer of its own kind.

    Examples
    --------
    >>> once().startswith('const [name, script, style] = ["cnnlab-')
    True
    """
    name = f"cnnlab-{sha256((script + STYLE).encode()).hexdigest()[:16]}"
    return _ONCE % json.dumps([name, script, STYLE], ensure_ascii=False)
