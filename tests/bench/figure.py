"""One measured figure, and whether its bound holds."""

from statistics import median
from typing import NamedTuple

from machine import NOISY


class Figure(NamedTuple):
    """Without a bound it is for information."""

    name: str
    value: float
    unit: str
    # The most that it may be, or the least.
    bound: float | None = None
    # All that was measured, where that is more than one number.
    spread: tuple[float, float] | None = None
    # Whether it hangs on a duration on the clock, which other programs lengthen.
    clock: bool = False
    is_least: bool = False

    def verdict(self, others: float) -> str:
        if self.bound is None:
            return ""
        if self.value >= self.bound if self.is_least else self.value <= self.bound:
            return "holds"
        return "unclear" if self.clock and others > NOISY else "BROKEN"


def of(
    name: str, values: list[float], unit: str, bound: float | None = None, clock: bool = False, is_least: bool = False
) -> Figure:
    """The median of several values."""
    return Figure(name, median(values), unit, bound, (min(values), max(values)), clock, is_least)


def shown(number: float) -> str:
    """Three digits that count."""
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
