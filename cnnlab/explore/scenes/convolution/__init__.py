"""One layer in single numbers: every sum, and what hangs together with what."""

from cnnlab.explore.scenes.convolution.scene import convolution_scene

__all__ = ["convolution_scene"]
