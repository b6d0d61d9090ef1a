"""Building an edition: every document, every format, every view, proved whole.

Everything is made in a new folder beside the old one; only when all is done and
proved does the new one take the old one's place. A build that fails or is killed
leaves the former edition as it was.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.editions import parity
from toolkit.editions.site import Entry, Inline, Page, Register, Site, passages
from toolkit.editions.text import Rendering, render_body, text_file, texts
from toolkit.errors import ConfigError, ParityError, ToolkitError
from toolkit.metadata import Entity, entities, language_of, metadata
from toolkit.render.engine import Renderer, finish
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import VIEWS, load_key
from toolkit.tei import TEI, Document, plain, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from toolkit.config import Edition

PARTS: Final = ("site", "text")
RESERVED: Final = frozenset({"index", "assets", "tei", "text"})


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    documents: int
    registers: int
    files: int
    words: int  #: words proved to be there, over all formats and views


class Build:
    """One build of one edition."""

    def __init__(self, edition: Edition) -> None:
        """Load the key of signs and the templates of every format and view.

        Raises:
            ConfigError: The key of signs cannot be used.
        """
        self.edition = edition
        self.key = load_key(edition)
        folders = edition.template_folders()
        libraries = {kind: Library(folders, kind) for kind in ("html", "text")}
        self.renderers = {
            (kind, view): Renderer(library, self.key, view)
            for kind, library in libraries.items()
            for view in VIEWS
        }
        self.projections = {view: parity.Projection(self.key, view) for view in VIEWS}
        self.words = 0

    def run(self, progress: Callable[[Iterable[Page]], Iterable[Page]]) -> Built:
        """Make everything and put it in the former edition's place.

        Args:
            progress: Wraps the documents as they are worked through.

        Raises:
            ToolkitError: A document cannot be read, a template fails, words are
                lost. The former edition is untouched.
        """
        pages, registers = self._read()
        site = Site(
            self.edition,
            pages,
            registers,
            {view: self.renderers["html", view] for view in VIEWS},
        )
        files: dict[str, str | bytes] = {}
        for page in progress(site.pages):
            files.update(self._document(site, page))
        files["site/index.html"] = site.front()
        for register in registers:
            files[f"site/{register.name}.html"] = site.register(register)
        files.update(self._assets())
        publish(self.edition.build, files)
        return Built(len(pages), len(registers), len(files), self.words)

    def _read(self) -> tuple[list[Page], list[Register]]:
        """Read all documents and registers; gather facts and mentions."""
        documents = _read_all(self.edition.documents())
        catalogues = {d.path.name: entities(d) for d in documents if d.is_register}
        names = {
            (entity.file, entity.ident): entity.name
            for catalogue in catalogues.values()
            for entity in catalogue
        }

        def label(file: str, ident: str) -> str:
            return names.get((file, ident), "")

        pages = [
            Page(d, metadata(d), gather(d.root, label=label), language_of(d))
            for d in documents
            if not d.is_register
        ]
        _no_clash([*(p.name for p in pages), *(f[:-4] for f in catalogues)])
        registers = [
            self._register(document, catalogues[document.path.name], pages)
            for document in documents
            if document.is_register
        ]
        return pages, registers

    def _register(
        self, document: Document, catalogue: list[Entity], pages: list[Page]
    ) -> Register:
        entries = {entity.ident: Entry(entity) for entity in catalogue}
        ordered = sorted(pages, key=lambda p: (p.meta.date or "9999", p.name))
        for page in ordered:
            found = passages(page, self.renderers["html", "reading"])
            for (file, ident), places in found.items():
                if file == document.path.name and ident in entries:
                    entries[ident].mentions.append((page, places))
        title = document.root.find(f".//{TEI}titleStmt/{TEI}title")
        name = document.path.stem
        return Register(
            name, plain(title) if title is not None else name, list(entries.values())
        )

    def _document(self, site: Site, page: Page) -> dict[str, str | bytes]:
        """Make and prove one document's files."""
        files: dict[str, str | bytes] = {}
        for view in VIEWS:
            ending = "" if view == "reading" else ".source"
            html = self._rendering(page, "html", view)
            made = site.document(page, view, html)
            _holds(page.document.path, f"html, view {view}", made, html)
            files[f"site/{page.name}{ending}.html"] = made
            text = self._rendering(page, "text", view)
            made = text_file(self.renderers["text", view], page.meta, text, page.facts)
            _holds_words(page.document.path, f"text, view {view}", made, text)
            files[f"text/{page.name}{ending}.txt"] = made
        files[f"site/text/{page.name}.txt"] = files[f"text/{page.name}.txt"]
        files[f"site/tei/{page.name}.xml"] = page.document.path.read_bytes()
        return files

    def _rendering(self, page: Page, kind: str, view: str) -> Rendering:
        """Render a document and prove that all its words are there."""
        rendering = render_body(
            self.renderers[kind, view], page.document.root, page.facts
        )
        self.words += prove(page.document, kind, self.projections[view], rendering)
        return rendering

    def _assets(self) -> dict[str, bytes]:
        """Return the site's style sheets and scripts, the edition's own first."""
        assets: dict[str, bytes] = {}
        for folder in reversed(self.edition.template_folders()):
            for path in sorted((folder / "html" / "assets").glob("*")):
                if path.is_file():
                    assets[f"site/assets/{path.name}"] = path.read_bytes()
        return assets


def render_file(edition: Edition, path: Path, kind: str, view: str) -> str:
    """Return one document's page, complete in itself, or its text.

    Args:
        edition: The edition it belongs to, for templates, key and neighbours' names.
        path: The TEI file.
        kind: ``"html"`` or ``"text"``.
        view: ``"reading"`` or ``"source"``.

    Raises:
        ReadError: The file cannot be read as TEI.
        TemplateError: A template fails.
    """
    document = read(path)
    renderer = Renderer(
        Library(edition.template_folders(), kind), load_key(edition), view
    )
    facts = gather(document.root)
    page = Page(document, metadata(document), facts, language_of(document))
    rendering = render_body(renderer, document.root, facts)
    if kind == "text":
        return text_file(renderer, page.meta, rendering, facts)
    inline = Inline(_asset(edition, "edition.css"), _asset(edition, "edition.js"))
    site = Site(edition, [page], [], {view: renderer}, inline)
    return site.document(page, view, rendering)


def _asset(edition: Edition, name: str) -> str:
    """Return a style sheet or script, the edition's own or ours."""
    for folder in edition.template_folders():
        path = folder / "html" / "assets" / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return ""


def prove(
    document: Document, kind: str, projection: parity.Projection, rendering: Rendering
) -> int:
    """Prove that a rendering holds all words of a document, notes apart.

    Returns:
        How many words were proved.

    Raises:
        ParityError: Words are lost, added or moved.
    """
    words_of = parity.html_words if kind == "html" else parity.text_words
    what = f"{kind}, view {projection.view}"
    expected = [projection.words(text) for text in texts(document.root)]
    body = [word for words in expected for word in words.body]
    parity.prove(document.path, what, body, words_of(rendering.body))
    notes = [note for words in expected for note in words.notes]
    if projection.view == "reading":
        for number, (note, made) in enumerate(
            zip(notes, rendering.notes, strict=True), 1
        ):
            parity.prove(document.path, f"{what}, note {number}", note, words_of(made))
    return len(body) + sum(len(note) for note in notes)


def _read_all(paths: list[Path]) -> list[Document]:
    """Read all documents.

    Raises:
        ToolkitError: Some cannot be read; each is named.
        ConfigError: There are none.
    """
    if not paths:
        raise ConfigError("there are no documents: put TEI files into the folder tei/")
    documents: list[Document] = []
    faults: list[str] = []
    for path in paths:
        try:
            documents.append(read(path))
        except ToolkitError as fault:
            faults.append(fault.message)
    if faults:
        raise ToolkitError("\n".join(faults))
    return documents


def _no_clash(names: list[str]) -> None:
    """Refuse two files for one page.

    Raises:
        ConfigError: A name is taken twice, or is one of the site's own.
    """
    for name in sorted(set(names)):
        if name in RESERVED or names.count(name) > 1 or name.endswith(".source"):
            raise ConfigError(
                f"tei/{name}.xml cannot have a page of its own: the name is taken; "
                "give the file another name"
            )


def _holds(path: Path, what: str, page: str, rendering: Rendering) -> None:
    """Prove that a page holds the rendering it was given, whole."""
    for part in (rendering.body, *rendering.notes):
        if part not in page:
            raise ParityError(
                f"{path}: {what}: the page does not hold the text and all notes; "
                "help: pages/document.html must print {{ body }} and every note"
            )


def _holds_words(path: Path, what: str, page: str, rendering: Rendering) -> None:
    """Prove that a text file holds the words it was given, in order."""
    words = " ".join(page.split())
    for part in (rendering.body, *rendering.notes):
        text = finish(part).replace("\x0e", "").replace("\x0f", "")
        if " ".join(text.split()) not in words:
            raise ParityError(
                f"{path}: {what}: the file does not hold the text and all notes; "
                "help: pages/document.txt must print {{ body }} and every note"
            )


def publish(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write files to a new place and put it where the former edition is.

    Args:
        folder: ``build/``; its ``site`` and ``text`` are replaced as a whole.
        files: Contents by name below the folder.
    """
    restore(folder)
    new = folder / f".new-{os.getpid()}"
    try:
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)
        for part in PARTS:
            old, place = folder / f".old-{part}", folder / part
            if place.exists():
                place.rename(old)
            (new / part).rename(place)
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def restore(folder: Path) -> None:
    """Put back what a killed build had moved away; remove what it had begun."""
    for part in PARTS:
        old, place = folder / f".old-{part}", folder / part
        if old.exists() and not place.exists():
            old.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    for left in folder.glob(".new-*"):
        shutil.rmtree(left, ignore_errors=True)
