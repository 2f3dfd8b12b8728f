"""What a student could write to have the instructor's browser do something; harmless in effect.

A script would change the title of the page, and a request would reach an address that counts.
"""

import json

from nbformat import NotebookNode
from nbformat import v4 as new

RUN = "document.title = 'owned'"


def markup(address: str) -> list[str]:
    """HTML and Markdown."""
    return [
        f"<script>{RUN}</script>",
        f"<SCRIPT\n>{RUN}</SCRIPT\n>",
        f'<img src="{address}/img" onerror="{RUN}">',
        f"<img src=x onerror=\"{RUN}\">",
        f'<svg onload="{RUN}"><image href="{address}/svg"/></svg>',
        f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
        f'<iframe src="{address}/frame"></iframe>',
        f'<details open ontoggle="{RUN}"><summary>a</summary>b</details>',
        f'<input autofocus onfocus="{RUN}">',
        f'<div style="background: url({address}/style)">a</div>',
        f'<div style="background-image: url({address}/style); height: 9px">a</div>',
        f"<style>body {{ background: url({address}/sheet) }}</style>",
        f'<link rel="stylesheet" href="{address}/link">',
        f'<video src="{address}/video" poster="{address}/poster"></video>',
        f'<object data="{address}/object"></object><embed src="{address}/embed">',
        f'<meta http-equiv="refresh" content="0; url={address}/refresh">',
        f'<base href="{address}/">',
        f'<form action="{address}/form"><button>Full credit</button></form>',
        f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}">',
        f'<noscript><p title="</noscript><img src=x onerror={RUN.replace(" ", "")}>">',
        f"![a]({address}/markdown)",
        f'![a]({address}/title "b")',
        f"`$` <img src={address}/code> $x$",
        f"x$a $c$ <img src={address}/maths> $e$",
        rf"$\text{{<img src={address}/formula>}}$",
        f"# <img src={address}/heading>",
        f"[a]: {address}/reference\n\n![a]",
        f"| a |\n|---|\n| <img src={address}/table> |",
    ]  # fmt: skip


def outputs(address: str) -> list[NotebookNode]:
    """Everything that a kernel can send."""
    code = f"<script>{RUN}</script>"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/in"/>{code}</svg>'
    dot = "iVBORw0KGgo="
    data: list[dict[str, object]] = [
        {"application/javascript": RUN},
        {"image/svg+xml": svg},
        {"image/png": f'{dot}" onerror="{RUN}'},
        {"text/vnd.mermaid": code},
        {"application/vnd.jupyter.widget-view+json": {"model_id": code}},
        {"text/latex": f"{code} $\\href{{javascript:{RUN}}}{{a}}$"},
        {"text/plain": code},
        {"text/plain": [code], "text/html": [code]},
        *({kind: text} for text in markup(address) for kind in ("text/html", "text/markdown")),
    ]
    shown = [new.new_output("display_data", data=one) for one in data]
    sizes = {"image/png": {"width": f"1 onerror={RUN.replace(' ', '')}"}, "isolated": True}
    files = {"filenames": {"image/png": f"{address}/filename"}}
    shown += [
        new.new_output("display_data", data={"image/png": dot}, metadata=metadata)
        for metadata in (sizes, files)
    ]
    alone = {"text/html": {"isolated": True}}
    shown.append(new.new_output("display_data", data={"text/html": code}, metadata=alone))
    text = f"\x1b[31m{code}</pre>{code}"
    return [
        *shown,
        new.new_output("stream", name="stdout", text=text),
        new.new_output("error", ename=code, evalue=code, traceback=[text]),
    ]


def attachments() -> dict[str, dict[str, str]]:
    page = json.dumps(f"<script>{RUN}</script>")
    return {"a.png": {"text/html": page}, "b.png": {"image/png": f'" onerror="{RUN}'}}
