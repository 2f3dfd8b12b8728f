"""Ask other libraries again what the table of conventions says of them.

    python benchmarks/conventions.py            in an environment of its own, made and thrown away
    python benchmarks/conventions.py --write    and put what they answer into the table
    python benchmarks/conventions.py --with ENV/bin/python    in an environment that is there

It installs the pinned versions below into a temporary folder (about 8 GB with PyTorch's CUDA
libraries), asks each library in a process of its own, and prints what agrees and what changed.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cnnlab.conventions import FILE, in_words  # noqa: E402
from tests.conventions.asking import agree  # noqa: E402

PINS = {
    "torch": "2.14.1",
    "torchvision": "0.29.1",
    "keras": "3.15.1",
    "jax": "0.10.2",
    "flax": "0.12.8",
    "optax": "0.2.8",
    "tensorflow-cpu": "2.21.0",
    "onnx": "1.23.2",
    "onnxruntime": "1.32.0",
    "opencv-python-headless": "5.0.0.93",
    "tinygrad": "0.14.0",
    "numpy": "2.4.6",
    "scipy": "1.17.1",
    "scikit-image": "0.26.0",
    "torchinfo": "1.8.0",
    "fvcore": "0.1.5.post20221221",
    "ptflops": "0.7.5",
    "thop": "0.1.1.post2209072238",
}
KERAS = {"torch": "PyTorch", "jax": "JAX", "tensorflow": "TensorFlow"}
OTHERS = ("jax", "tensorflow", "arrays", "onnx", "tinygrad", "counters")
MODULES = (
    "tests.conventions.pytorch",
    *(f"benchmarks.libraries.{name}" for name in OTHERS),
)
ASK = """
import json, sys
from tests.conventions.asking import asked
print("answers:", json.dumps(list(asked(sys.argv[1]))))
"""


def environment(folder: Path) -> Path:
    """Make an environment with the pinned libraries."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    wanted = [f"{name}=={version}" for name, version in PINS.items()]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


def answers(python: Path, name: str, **variables: str) -> list[tuple[str, str, object]]:
    """What the libraries of one module answer, asked in a process of its own."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    surroundings = os.environ | quiet | variables | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [python, "-c", ASK, name], env=surroundings, capture_output=True, text=True, cwd=ROOT
    )
    told = [line for line in run.stdout.splitlines() if line.startswith("answers:")]
    if run.returncode or not told:
        sys.exit(f"{name} {variables}: could not be asked.\n{run.stderr[-2000:]}")
    return [tuple(one) for one in json.loads(told[0].removeprefix("answers:"))]


def main() -> int:
    """Ask every library; 1 if an answer is not the stored one."""
    options = argparse.ArgumentParser(description="Ask the libraries again.")
    options.add_argument("--write", action="store_true", help="put the answers into the table")
    options.add_argument("--with", dest="python", type=Path, help="a Python that has them all")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = given.python or environment(Path(folder))
        found = answers(Path(sys.executable), "tests.conventions.ours")  # the course stays here
        found += [one for name in MODULES for one in answers(python, name)]
        for backend in KERAS:
            found += answers(python, "benchmarks.libraries.keras", KERAS_BACKEND=backend)
    kept = json.loads(FILE.read_text("utf-8"))
    rows = {row["id"]: row for row in kept["rows"]}
    changed = list(differences(rows, found))
    print("\n".join(changed) or "Nothing changed.")
    same = len(found) - sum("nobody was asked" not in line for line in changed)
    print(f"{same} of {len(found)} answers to {len(rows)} questions are those of the table.")
    if given.write:
        for row in rows.values():
            row["answers"] = {who: answer for name, who, answer in found if name == row["id"]}
        kept |= {"versions": PINS, "date": datetime.date.today().isoformat()}
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        FILE.write_text(text + "\n", encoding="utf-8")
    return int(bool(changed))


def differences(rows, found):
    """A line for each answer that is not stored so, and for each that nobody gave."""
    for name, who, answer in found:
        stored = rows[name].get("answers", {}).get(who) if name in rows else None
        if stored is None:
            yield f"{name}, {who}: new: {in_words(answer)}"
        elif not agree(stored, answer):
            yield f"{name}, {who}: {in_words(answer)}, was {in_words(stored)}"
    given = {(name, who) for name, who, _ in found}
    for row in rows.values():
        for who in row.get("answers", {}):
            if (row["id"], who) not in given:
                yield f"{row['id']}, {who}: nobody was asked"


if __name__ == "__main__":
    sys.exit(main())
