"""Keys: ``xsl:key`` in a schema lets ``key()`` find nodes by a value.

XSLT 2.0, 16.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.validate.schematron.contexts import matched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.validate.schematron.contexts import Context
    from toolkit.validate.xpath.expression import Expression, Reading


@dataclass(frozen=True, slots=True)
class Key:
    """One ``xsl:key``."""

    name: str
    match: Context  #: the nodes that can be found
    use: Expression  #: the values that each is found by

    def pairs(self, reading: Reading) -> Iterator[tuple[str, Any]]:
        """Yield the nodes of a document, with each value that finds them.

        Raises:
            XPathError: A value cannot be had.
            TooLongError: The reading's budget is spent.
        """
        token = self.use.token
        for node in matched(reading, self.match, {}):
            for value in self.use.items(reading, node, {}):
                yield str(token.string_value(value)), node
