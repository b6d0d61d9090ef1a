"""What functions of rules share: their context, what they count, what is too long."""

from __future__ import annotations

from typing import Any

from toolkit.validate.xpath.budget import LARGEST, TooLongError


def spend(context: Any, steps: int) -> None:
    """Count steps against the rule's budget, where a context has one.

    Raises:
        TooLongError: There are not so many left.
    """
    budget = getattr(context, "budget", None)
    if budget is not None:
        budget.spend(steps)


def checked(text: str) -> str:
    """Return a string that is not too long.

    Raises:
        TooLongError: It is.
    """
    if len(text) > LARGEST:
        raise TooLongError("it makes a text of many megabytes")
    return text


def bound(token: Any, context: Any) -> Any:
    """Return the context of a function, also where it is called as an item."""
    found = token.context if getattr(token, "context", None) is not None else context
    if found is None:
        raise token.missing_context()
    return found
