"""What to click where a kernel of the chosen size cannot be had."""

from cnnlab.explore.kernels import PRESETS
from cnnlab.explore.scene import Fix

RESIZABLE = [name for name, preset in PRESETS.items() if len(preset.sizes) > 1]


def kernel_fixes(preset: str, kernel_size: int) -> list[Fix]:
    """A size that the named kernel comes in, or else an angle that can be computed with."""
    sizes = PRESETS[preset].sizes
    if kernel_size in sizes:
        return [Fix("angle 0", {"angle": 0})]
    return [Fix(f"kernel size {size}", {"kernel_size": size}) for size in sizes]
