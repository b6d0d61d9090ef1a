"""What open pages are told: which state of the edition is current, what stops it."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class State:
    """How the preview stands."""

    version: str  #: another one whenever pages have changed, also in another run
    fault: str = ""  #: what stops the build; empty: nothing


class Board:
    """Shows the state; any number of threads wait until it is another one."""

    def __init__(self) -> None:
        """Begin with no pages."""
        self._run, self._number = secrets.token_hex(4), 0
        self._changed = threading.Condition()
        self.state = State(self._named())
        self.is_open = True

    def _named(self) -> str:
        return f"{self._run}-{self._number}"

    def renew(self) -> None:
        """Tell that pages have changed, and that nothing stops the build."""
        self._number += 1
        self._tell(State(self._named()))

    def mend(self) -> None:
        """Tell that nothing stops the build."""
        self._tell(replace(self.state, fault=""))

    def stop(self, fault: str) -> None:
        """Tell what stops the build; the last good pages stay."""
        self._tell(replace(self.state, fault=fault))

    def close(self) -> None:
        """Let everybody go who waits."""
        self.is_open = False
        self._tell(self.state)

    def _tell(self, state: State) -> None:
        with self._changed:
            self.state = state
            self._changed.notify_all()

    def wait(self, known: State, seconds: float) -> State:
        """Return the state as soon as it is another one than is known.

        Args:
            known: The state that is known.
            seconds: How long to wait for another.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self.state != known or not self.is_open, seconds
            )
            return self.state
