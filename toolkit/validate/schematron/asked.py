"""What a rule asks about: its XPath as it is written, the variables put in.

Takes a rule and one of its checks. So the reader of a finding can tell whether another
fault is what makes the rule speak up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.validate.xpath.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.validate.schematron.model import Check, Let, Rule, Rules


def sources_of(rules: Rules, rule: Rule, check: Check) -> tuple[str, str]:
    """Return the context of a rule, and all that one of its checks evaluates.

    Args:
        rules: The schema.
        rule: One of its rules.
        check: One of the rule's checks.
    """
    known: dict[str, Let] = {}
    for lets in (rules.lets, rules.patterns[rule.pattern].lets, rule.lets):
        known.update((let.name, let) for let in lets)
    sources = dict.fromkeys(_sources(check.test, known, set()))
    return rule.context.expression.source, "\n".join(sources)


def _sources(
    expression: Expression, known: dict[str, Let], seen: set[str]
) -> Iterator[str]:
    yield expression.source
    for name in sorted(expression.variables & known.keys() - seen):
        seen.add(name)
        value = known[name].value
        if isinstance(value, Expression):
            yield from _sources(value, known, seen)
