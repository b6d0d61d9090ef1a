"""The templates of one format: where they are found, and how they are compiled.

A template is looked for in the edition's own ``templates/FORMAT`` and then in ours.
Templates run in Jinja's sandbox, without clock or chance: same input, same bytes.
"""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final

import jinja2
from jinja2 import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from toolkit.errors import TemplateError
from toolkit.render.reads import reads_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SUFFIX: Final = {
    "html": ".html",
    "text": ".txt",
    "epub": ".xhtml",
    "markdown": ".md",
    "print": ".xhtml",
}
#: Formats whose templates print markup, so that what they print is escaped.
MARKUP: Final = frozenset({"html", "epub", "print"})
#: Where templates of a format may take parts from.
BEHIND: Final = {"epub": "html", "print": "html"}
#: Control characters no XML text can hold: the text format's own marks.
PARAGRAPH: Final = "\x1d"
LINE: Final = "\x1e"
#: What the templates add of their own (labels, numbers) stands between these.
ADDED: Final = "\x0e"
ADDED_END: Final = "\x0f"
#: What only the layout of the reading text has a use for (toolkit/editions/layout.py).
HANG, HEADING, INDENT, OUTDENT = "\x10", "\x11", "\x12", "\x13"
ROW, ROW_END, CELL, PASSAGE, PASSED = "\x14", "\x15", "\x16", "\x17", "\x18"
#: These marks as templates name them; those of the layout are no words.
MARKS: Final = {
    "paragraph": PARAGRAPH,
    "line": LINE,
    "added": ADDED,
    "end": ADDED_END,
    **{
        name: f"{ADDED}{mark}{ADDED_END}"
        for name, mark in {
            "hang": HANG,
            "heading": HEADING,
            "indent": INDENT,
            "outdent": OUTDENT,
            "row": ROW,
            "row_end": ROW_END,
            "cell": CELL,
            "passed": PASSED,
        }.items()
    },
    "passage": PASSAGE,
}


class ElementTemplate:
    """The template of an element or part: parsed, and compiled once it has to run."""

    def __init__(self, library: Library, name: str) -> None:
        """Parse a template.

        Raises:
            TemplateError: It does not exist, or has an error; file and line are named.
        """
        self.name, self._library = name, library
        with library.naming_faults(name):
            source, file, _ = library.loader.get_source(library.environment, name)
            self.file = str(file)
            self.tree = library.environment.parse(source, name, file)
        self.reads = reads_of(self.tree)

    @cached_property
    def compiled(self) -> Template:
        """The template, ready to run.

        Raises:
            TemplateError: It uses a filter that does not exist, and the like.
        """
        environment = self._library.environment
        with self._library.naming_faults(self.name):
            code = environment.compile(self.tree, self.name, self.file)
        return Template.from_code(environment, code, environment.make_globals(None))


class Library:
    """All templates of one format."""

    def __init__(self, folders: Sequence[Path], format: str) -> None:
        """Open the templates of a format.

        Args:
            folders: Template folders (each with one folder a format), best first.
            format: ``"html"``, ``"text"`` or ``"epub"`` (pages only: its elements
                are those of HTML).
        """
        self.format = format
        self.suffix = SUFFIX[format]
        self.folders = [folder / format for folder in folders]
        behind = [folder / BEHIND[format] for folder in folders if format in BEHIND]
        self.loader = jinja2.FileSystemLoader([*self.folders, *behind])
        self.environment = ImmutableSandboxedEnvironment(
            loader=self.loader,
            autoescape=format in MARKUP,
            undefined=jinja2.StrictUndefined,
            trim_blocks=False,
            keep_trailing_newline=False,
        )
        self.environment.globals.clear()
        self.environment.globals.update(range=range, dict=dict, **MARKS)
        del self.environment.filters["random"]
        self._elements: dict[str, ElementTemplate] = {}
        self.element_names = {
            path.name.removesuffix(self.suffix)
            for folder in self.folders
            for path in (folder / "elements").glob(f"*{self.suffix}")
        }

    def element(self, name: str) -> ElementTemplate:
        """Return the template of an element, ``note`` or ``note.translator``."""
        return self._parsed(f"elements/{name}{self.suffix}")

    def part(self, name: str) -> ElementTemplate:
        """Return the template of a part of a page, such as ``note``."""
        return self._parsed(f"parts/{name}{self.suffix}")

    def _parsed(self, name: str) -> ElementTemplate:
        if name not in self._elements:
            self._elements[name] = ElementTemplate(self, name)
        return self._elements[name]

    def get(self, name: str) -> Template:
        """Return a template by its name below the format's folder, ready to run.

        Raises:
            TemplateError: It does not exist, or has an error; file and line are named.
        """
        with self.naming_faults(name):
            return self.environment.get_template(name)

    @contextmanager
    def naming_faults(self, name: str) -> Iterator[None]:
        """Turn what Jinja finds wrong with a template into an error of ours.

        Raises:
            TemplateError: File and line are named.
        """
        try:
            yield
        except jinja2.TemplateSyntaxError as fault:
            raise self._error(fault.filename or name, fault.lineno, fault) from None
        except jinja2.TemplateNotFound as fault:
            raise TemplateError(f"there is no template {fault.name}") from None

    def render(self, template: Template, values: Mapping[str, object]) -> str:
        """Run a template.

        Raises:
            TemplateError: The template fails; its file and line are named.
        """
        try:
            return template.render(values)
        except TemplateError:
            raise
        except Exception as fault:  # whatever a template does wrong, name its place
            file, line = self._place(template, fault)
            raise self._error(file, line, fault) from fault

    def _place(self, template: Template, fault: Exception) -> tuple[str, int]:
        if isinstance(fault, jinja2.TemplateSyntaxError):
            return fault.filename or str(template.filename), fault.lineno
        for frame in reversed(traceback.extract_tb(fault.__traceback__)):
            if frame.filename.endswith(self.suffix):
                return frame.filename, frame.lineno or 0
        return str(template.filename), 0

    def _error(self, file: str, line: int, fault: Exception) -> TemplateError:
        said = str(fault) or type(fault).__name__
        if isinstance(fault, jinja2.UndefinedError):
            said += "; an element template sees el, at, its, content and view"
        return TemplateError(f"{file}:{line}: the template fails: {said}")
