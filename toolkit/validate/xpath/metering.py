"""What functions of rules share: their context, what they count, what is too long."""

from __future__ import annotations

from typing import Any, Final

from toolkit.validate.xpath.budget import LARGEST, TooLongError


def spend(context: Any, steps: int) -> None:
    """Count steps against the rule's budget, where a context has one.

    Raises:
        TooLongError: There are not so many left.
    """
    budget = getattr(context, "budget", None)
    if budget is not None:
        budget.spend(steps)


#: Characters of a string that cost as much as one step.
_CHARACTERS: Final = 32


def checked(text: str, context: Any) -> str:
    """Return a string that is not too long; its length counts as steps.

    Many long strings at once are as dear as many steps, and take memory besides.

    Raises:
        TooLongError: It is, or there are not so many steps left.
    """
    if len(text) > LARGEST:
        raise TooLongError("it makes a text of many megabytes")
    if len(text) > _CHARACTERS:
        spend(context, len(text) // _CHARACTERS)
    return text


def bound(token: Any, context: Any) -> Any:
    """Return the context of a function, also where it is called as an item."""
    found = token.context if getattr(token, "context", None) is not None else context
    if found is None:
        raise token.missing_context()
    return found
