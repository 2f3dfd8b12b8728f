"""Photograph what the README shows of JupyterLab: an explorer, a check, a training.

python -m tests.browser.readme_pictures
"""

from typing import Any

from tests.browser.lab import ROOT, jupyterlab

FOLDER = ROOT / "docs"
EXPLORER, CELL = "ConvolutionExplorer()", "output:0,1,1"
CHECK = """from cnnlab import check

check.output_size(3, size=7, kernel_size=5, stride=2)"""
TRAINING = """from cnnlab import data, train, zoo
from cnnlab.pytorch import Stepper

training, validation = data.load("mnist-5k").split(0.8, seed=0)
stepper = Stepper(zoo.get("ds-4400").torch(seed=0), lr=0.005)
history = train.fit(stepper, training, validation, epochs=8, batch_size=64)
history.plot(alt="Loss and accuracy of eight epochs.")"""


def keep(shown: Any, name: str, last: Any = None) -> None:
    """Photograph an element, down to the one that is seen last."""
    path = FOLDER / f"{name}.png"
    clip, end = shown.bounding_box(), (last or shown).bounding_box()
    clip["height"] = end["y"] + end["height"] + 8 - clip["y"]
    shown.page.screenshot(path=path, clip=clip, animations="disabled")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with jupyterlab(scale=1.5) as lab:
        for theme in ("light", "dark"):
            lab.page.set_viewport_size({"width": 1100, "height": 1400})
            lab.theme(theme)
            explorer = lab.show(EXPLORER)
            explorer.locator(f"[data-key='{CELL}']").hover()
            keep(explorer, f"explorer-{theme}", last=explorer.locator("summary"))
            lab.page.set_viewport_size({"width": 820, "height": 1000})
            lab.show(CHECK, ".jp-OutputArea-output")
            keep(lab.page.locator(".jp-CodeCell"), f"check-{theme}")
            lab.show(TRAINING, ".jp-OutputArea-output img")
            keep(lab.page.locator(".jp-CodeCell"), f"training-{theme}")


if __name__ == "__main__":
    main()
