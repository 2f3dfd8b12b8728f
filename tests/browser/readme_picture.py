"""Photograph an explorer in JupyterLab, in both themes, for the top of the README.

python -m tests.browser.readme_picture
"""

from tests.browser.lab import ROOT, jupyterlab

FOLDER = ROOT / "docs"
CODE, CELL = "ConvolutionExplorer()", "output:0,1,1"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with jupyterlab(scale=2) as lab:
        lab.page.set_viewport_size({"width": 920, "height": 1000})
        for theme in ("light", "dark"):
            lab.theme(theme)
            explorer = lab.show(CODE)
            explorer.locator(f"[data-key='{CELL}']").hover()
            path = FOLDER / f"explorer-{theme}.png"
            explorer.screenshot(path=path, animations="disabled")
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
