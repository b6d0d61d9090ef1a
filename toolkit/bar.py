"""A bar on standard error for work that takes long, where that is a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from types import TracebackType

_PATIENCE: Final = 0.5  #: seconds before anything is shown


class Bar:
    """Shows how much of some work is done; use it in a ``with`` statement."""

    def __init__(self, label: str) -> None:
        """Prepare a bar.

        Args:
            label: What is being done.
        """
        self._label = label
        self._started = time.monotonic()
        self._bar: Any = None
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, of: int) -> None:
        """Show how much is done, in any unit; what there is to do may grow."""
        if not self._shown or time.monotonic() - self._started < _PATIENCE:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=of, label=self._label, file=sys.stderr)
            self._bar.render_progress()
        self._bar.length = of
        self._bar.update(done - self._bar.pos)
        if done >= of:
            self.finish()

    def of(self, label: str, done: int, of: int) -> None:
        """Show how much is done of one part of the work; each has a line of its own."""
        if label != self._label:
            self.finish()
            self._label, self._shown = label, sys.stderr.isatty()
        self(done, of)

    def finish(self) -> None:
        """End the line of the bar, if there is one."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar, self._shown = None, False

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish()
