"""Running statistics that two networks keep of the same batch."""

from typing import Any

from torch import Tensor, nn

_Found = tuple[tuple[str, str], float, tuple[str, ...]]


def kept_statistics(ours: nn.Module | None, theirs: nn.Module | None) -> _Found | None:
    """The first batch normalisation whose statistics differ, by how much, and why.

    Both modules have just seen the same batch in training.
    """
    if ours is None or theirs is None:
        return None
    mine, others = ([*_norms(module)] for module in (ours, theirs))
    for (name, a), (other, b) in zip(mine, others, strict=False):
        gap = max(_gap(a.running_mean, b.running_mean), _gap(a.running_var, b.running_var))
        if gap > 1e-6:
            where = (f"{name}'s running statistics", f"{other}'s")
            return where, gap, tuple(_reasons(a, b))
    return None


def _norms(module: nn.Module) -> list[tuple[str, Any]]:
    return [
        (name or "network", part)
        for name, part in module.named_modules()
        if isinstance(getattr(part, "running_mean", None), Tensor)
    ]


def _gap(a: Tensor, b: Tensor) -> float:
    return float((a - b).abs().max() / max(float(a.abs().max()), 1e-12))


def _reasons(a: Any, b: Any) -> list[str]:
    """What turns our statistics into theirs."""
    if a.momentum is None or b.momentum is None:
        return ["averages over all batches alike, where the other weighs the newest by momentum"]
    if a.momentum != b.momentum:
        said = f"has momentum {b.momentum:g}, ours {a.momentum:g}"
        turned = abs(a.momentum + b.momentum - 1) < 1e-9
        return [f"{said}: the share of the old, where ours is that of the new" if turned else said]
    if _gap(a.running_mean, b.running_mean) <= 1e-6:
        return ["keeps another variance of the batch, such as one divided by n and not by n − 1"]
    return ["began with other running statistics"]
