"""What a state offers, worked out once: a schema that does not fit is asked often."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.schema.opened import resembling
from toolkit.schema.outlook import labels, possible
from toolkit.schema.pattern import Element

if TYPE_CHECKING:
    from toolkit.schema.states import State

_ROOM: Final = 1_000  #: names that a state remembers what they resemble


class Offer:
    """What may come in a state."""

    def __init__(self, state: State) -> None:
        """Take a state; :func:`offer` gives the one that is known."""
        self._state = state
        self._patterns = [pattern for _, pattern in state.hypotheses]
        self._resembled: dict[str, str | None] = {}

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The names of what may come, in the schema's order."""
        return labels(self._patterns)

    @cached_property
    def elements(self) -> list[Element]:
        """The elements that may come, in the schema's order."""
        return [one for one in possible(self._patterns) if isinstance(one, Element)]

    @cached_property
    def beyond(self) -> State | None:
        """The state once any of these elements has come."""
        return self._state.after_children(self.elements)

    def resembling(self, name: str) -> str | None:
        """Return the expected name that an unknown one is probably meant to be."""
        if name not in self._resembled:
            if len(self._resembled) >= _ROOM:
                self._resembled.clear()
            self._resembled[name] = resembling(name, self.elements)
        return self._resembled[name]


def offer(state: State) -> Offer:
    """Return what may come in a state."""
    if state.offer is None:
        state.offer = Offer(state)
    return state.offer
