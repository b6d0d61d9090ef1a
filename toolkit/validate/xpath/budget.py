"""What rules may cost: a rule that would never end becomes a finding.

Every evaluation by elementpath counts its steps (nodes walked, contexts copied, items
of sequences) against the budget of the rule it belongs to, and the rules of one
document share an allowance. Steps, not seconds, decide, so that the same document
has the same findings on every machine; processor time is only the backstop for steps
that are long themselves (one comparison of two megabytes of text is one step).
"""

from __future__ import annotations

from time import thread_time
from typing import Final

#: Steps that one rule may take in a small document: about two seconds.
STEPS: Final = 500_000
_STEPS_PER_ELEMENT: Final = 100
#: Seconds of processor time that one rule may take in a small document, at most.
SECONDS: Final = 4.0
_SECONDS_PER_ELEMENT: Final = 0.0002
#: The rules of a document may together take so many times what one may.
_TOGETHER: Final = 3
#: When that is spent, every further rule may still take this part of its share.
_REST: Final = 50
_LOOK_EVERY: Final = 256  #: steps between two looks at the clock
#: A string or a number that grows beyond this many characters, or bits, is no answer.
LARGEST: Final = 16 * 1024 * 1024
LARGEST_BITS: Final = 64 * 1024


class TooLongError(Exception):
    """An evaluation has used up its budget."""

    def __init__(self, reason: str = "it takes too long") -> None:
        super().__init__(reason)


class Allowance:
    """What all rules may cost together, in one document."""

    def __init__(self, elements: int) -> None:
        """Set the limits for a document.

        Args:
            elements: How many elements it has: the limits grow with it.
        """
        self.steps: Final = STEPS + _STEPS_PER_ELEMENT * elements
        self.seconds: Final = SECONDS + _SECONDS_PER_ELEMENT * elements
        self.left = _TOGETHER * self.steps

    def budget(self) -> Budget:
        """Return the budget of one more rule."""
        return Budget(self)


class Budget:
    """What is left to one rule, in one document."""

    __slots__ = ("_allowance", "_began", "_floor", "_looked", "left", "mark", "seconds")

    def __init__(self, allowance: Allowance) -> None:
        """Take what the allowance gives one rule."""
        self._allowance = allowance
        self.left = allowance.steps  #: steps
        self.mark = self.left - _LOOK_EVERY  #: where to look at the clock again
        self.seconds = allowance.seconds
        self._looked = self.left
        self._floor = self.left - self.left // _REST
        self._began = thread_time()

    def begin(self) -> None:
        """Start the clock for one evaluation.

        Raises:
            TooLongError: Earlier evaluations have used everything.
        """
        if self.seconds < 0:
            raise TooLongError
        self._began = thread_time()

    def end(self) -> None:
        """Stop the clock."""
        self.seconds -= thread_time() - self._began

    def spend(self, steps: int = 1) -> None:
        """Take some steps.

        Raises:
            TooLongError: There are not so many left.
        """
        self.left -= steps
        if self.left <= self.mark:
            self.look()

    def look(self) -> None:
        """Compare with the clock and with what the other rules have left.

        Raises:
            TooLongError: Steps, time or the common allowance are used up.
        """
        now = thread_time()
        self.seconds -= now - self._began
        self._began = now
        self._allowance.left -= self._looked - self.left
        self._looked = self.left
        self.mark = max(self.left - _LOOK_EVERY, -1)
        together_spent = self._allowance.left < 0 and self.left < self._floor
        if self.left < 0 or self.seconds < 0 or together_spent:
            self.seconds = -1.0
            raise TooLongError


def unlimited() -> Budget:
    """Return a budget that ends nothing in practice, for single evaluations."""
    return Budget(Allowance(10**9))
