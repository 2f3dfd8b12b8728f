"""x"""

from cnnlab.scratch.mutants import Mutant


def sentence(name: str, mutant: Mutant) -> str:
    """x"""
    return f"{mutant.slip}."
