"""What is done for one document: it is asked what others need of it, and made.

A worker is made once for each process and keeps the templates it has compiled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from toolkit.build.inputs import digest
from toolkit.build.outputs import outputs_of
from toolkit.build.workshop import Workshop, page_of
from toolkit.editions.gathering import of_document, of_register
from toolkit.errors import ToolkitError
from toolkit.tei import local_name, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.config import Edition


@dataclass(frozen=True, slots=True)
class Gather:
    """The task of asking one document what others need of it."""

    path: Path


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a document said."""

    path: Path
    order: str = ""  #: what documents are put in order by: their date
    elements: frozenset[str] = frozenset()  #: names of the elements that occur in it
    said: tuple[tuple[str, str, str], ...] = ()  #: gathering, digest, JSON
    fault: str = ""  #: why it cannot be read


@dataclass(frozen=True, slots=True)
class Make:
    """The task of making one document's files."""

    path: Path
    context: Mapping[str, Any]  #: what it says of others: neighbours and entities


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """The files of one document."""

    path: Path
    words: int  #: words proved to be there
    files: Mapping[str, bytes] = field(default_factory=dict)


class Worker:
    """Does tasks for one edition."""

    def __init__(self, edition: Edition) -> None:
        """Load the key of signs; templates are loaded when they are met.

        Raises:
            ConfigError: The key of signs, or an output, cannot be used.
        """
        self.shop = Workshop(edition)
        self.outputs = outputs_of(self.shop)

    def __call__(self, task: Gather | Make) -> Gathered | MadeFiles:
        """Do a task.

        Raises:
            ToolkitError: A template fails, words are lost.
        """
        return self._gather(task) if isinstance(task, Gather) else self._make(task)

    def _gather(self, task: Gather) -> Gathered:
        """Ask a document; that it cannot be read is an answer, too."""
        try:
            document = read(task.path)
        except ToolkitError as fault:
            return Gathered(task.path, fault=fault.message)
        elements = frozenset(local_name(one) for one in document.root.iter("*"))
        order, said = "", {}
        if document.is_register:
            said = of_register(document, self.shop.renderer("html", "reading"))
        else:
            page = page_of(document, {})
            order = page.meta.date or "9999"
            said = of_document(page, self.shop.renderer("html", "reading"))
            for output in self.outputs:
                said.update(output.gathered(page))
        texts = [(name, _json(value)) for name, value in said.items()]
        answers = tuple((name, digest(text), text) for name, text in texts)
        return Gathered(task.path, order, elements, answers)

    def _make(self, task: Make) -> MadeFiles:
        page = page_of(read(task.path), task.context["cards"])
        files: dict[str, bytes] = {}
        words = 0
        for output in self.outputs:
            made, proved = output.document(page, task.context)
            files.update((name, _bytes(content)) for name, content in made.items())
            words += proved
        return MadeFiles(task.path, words, files)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
