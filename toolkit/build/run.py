"""One build: what is out of date is made anew, proved, and published as a whole.

What a file is made from has a key (a digest of the document, the templates it uses,
the settings, the program, what it says of other documents). Under the same key the
same file is made, so a file whose key has not changed is not made again.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from toolkit.build import inputs
from toolkit.build.lock import locked
from toolkit.build.outputs import OUTPUTS, Print, forms_of, names_of
from toolkit.build.publication import STATE, Publication
from toolkit.build.store import Asked, Made, Store
from toolkit.build.worker import Gather, Make, Worker
from toolkit.editions.printing.volume import MISSING, is_there
from toolkit.editions.products import frame
from toolkit.errors import ConfigError, ToolkitError
from toolkit.jobs import InProcess, jobs_of
from toolkit.report.report import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.editions.product import Product

    #: Told how much of what is done: ``progress("rendering", 3, 5)``.
    Progress = Callable[[str, int, int], None]

#: Names of pages that the site has itself.
RESERVED: Final = frozenset(
    "index assets tei text print cite images search marks signs about guide "
    "edition".split()
)
#: Beginnings, middles and ends of names that the site makes of others.
_MADE_NAMES: Final = re.compile(r"^documents-|\.with\.|\.source$|\.[^.]+\.[0-9]+$")
_DOCUMENT: Final = "document/"  #: before the names of documents in the store


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    documents: int  #: of the edition
    registers: int
    files: int  #: that are published
    words: int  #: words proved to be there, over all formats and views
    made: int  #: documents made anew
    pages: tuple[str, ...]  #: products made anew, by name
    removed: int  #: files taken away
    left_out: str = ""  #: what this machine could not make, and why; or empty

    def summary(self, folder: Path) -> str:
        """Return what was made, in words.

        Args:
            folder: Where, as it is to be named.
        """
        whole = f"{counted(self.documents, 'document')} and "
        whole += f"{counted(self.registers, 'register')} in "
        whole += f"{counted(self.files, 'file')} in {folder}; "
        whole += f"{self.words:,} words proved to be there"
        if self.left_out:
            whole = f"{whole}\n{self.left_out}"
        if not self.news:
            return f"nothing has changed: {whole}"
        return f"{self.news}\n{whole}"

    @property
    def news(self) -> str:
        """What was made anew, in words; empty: nothing has changed."""
        if not (self.made or self.pages or self.removed):
            return ""
        pages = dict.fromkeys(name.rstrip(" 0123456789") for name in self.pages)
        made = ", ".join([counted(self.made, "document"), *pages])
        gone = f"; {counted(self.removed, 'file')} taken away" if self.removed else ""
        return f"made: {made}{gone}"


@dataclass(slots=True)
class _Plan:
    """What has to be done."""

    tasks: list[Make] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  #: of everything, by name
    products: list[Product] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def stale(self) -> list[str]:
        """What is out of date, in words."""
        return [
            *(f"{task.path.name}: its files" for task in self.tasks),
            *(f"{product.name}" for product in self.products),
            *(f"{name.removeprefix(_DOCUMENT)}: no longer there" for name in self.gone),
        ]


class Build:
    """Builds one edition."""

    def __init__(
        self,
        edition: Edition,
        *,
        jobs: int | None = None,
        cluster: str = "",
        folder: Path | None = None,
        progress: Progress = lambda _label, _done, _of: None,
    ) -> None:
        """Set up a build.

        Args:
            edition: The edition.
            jobs: Processes to use; None: one for each core if there is much to do.
            cluster: The address of a Dask scheduler; empty: none.
            folder: Where to build; None: the edition's own folder for that.
            progress: Told how far the build is.

        Raises:
            ConfigError: The settings name an output that there is not.
        """
        self.edition, self._left_out = _possible(edition)
        self._jobs, self._cluster, self._progress = jobs, cluster, progress
        self._folder = folder or edition.build
        self._outputs = names_of(self.edition)
        self._kinds = {kind for name in self._outputs for kind in OUTPUTS[name].kinds}

    def run(self, *, anew: bool = False) -> Built:
        """Make what is out of date and publish it.

        Args:
            anew: Make everything, also what is up to date.

        Raises:
            ToolkitError: A document cannot be read, a template fails, words are
                lost, or nothing can be written. The former edition is untouched.
        """
        with self._at_work() as (store, publication):
            if anew:
                store.unmake(store.made())
            plan = self._plan(store, publication)
            made, files = 0, publication.names()
            if plan.tasks or plan.products or plan.gone:
                made = self._carry_out(plan, store, publication)
                files = publication.names()
            store.commit()
            registers = sum(1 for _ in store.digests("register"))
            all_made = store.made()
            return Built(
                documents=sum(name.startswith(_DOCUMENT) for name in all_made),
                registers=registers,
                files=len(files),
                words=sum(one.words for one in all_made.values()),
                made=len(plan.tasks),
                pages=tuple(product.name for product in plan.products),
                removed=made,
                left_out=self._left_out,
            )

    def stale(self) -> list[str]:
        """Return what is out of date, in words; change nothing.

        Raises:
            ToolkitError: A document cannot be read.
        """
        with self._at_work() as (store, publication):
            return self._plan(store, publication).stale

    @contextmanager
    def _at_work(self) -> Iterator[tuple[Store, Publication]]:
        """Hold the edition's build for ourselves; what is not finished is forgotten."""
        state = self._folder / STATE
        try:
            state.mkdir(parents=True, exist_ok=True)
            with locked(state / "lock"):
                store = Store(state / "store.sqlite")
                try:
                    yield store, Publication(self._folder, store)
                finally:
                    store.close()
        except (OSError, sqlite3.Error) as fault:
            reason = getattr(fault, "strerror", None) or str(fault)
            raise ToolkitError(
                f"{self._folder}: cannot be written: {reason}; "
                "the former edition is as it was"
            ) from None

    # -- what has to be done ---------------------------------------------------------

    def _plan(self, store: Store, publication: Publication) -> _Plan:
        files = self.edition.documents()
        if not files:
            raise ConfigError(
                "there are no documents: put TEI files into the folder tei/"
            )
        _no_clash([file.stem for file in files])
        contents = inputs.contents(files, store)
        templates = inputs.templates(self.edition)
        common = inputs.digest(inputs.program(), inputs.settings(self.edition))
        self._gather(store, contents, templates, common)
        return self._compared(store, publication, contents, templates, common)

    def _gather(
        self,
        store: Store,
        contents: Mapping[Path, str],
        templates: inputs.Templates,
        common: str,
    ) -> None:
        """Ask the documents that have changed what concerns more than themselves."""
        known = store.asked()
        store.forget(set(known) - {file.name for file in contents})

        def key(file: Path, elements: frozenset[str]) -> str:
            """Return what the answers of a document depend on."""
            of_elements = templates.of(self._kinds, ("chapter", "article"), elements)
            return inputs.digest(contents[file], common, of_elements)

        tasks = [
            Gather(file)
            for file in contents
            if file.name not in known
            or known[file.name].input != key(file, known[file.name].elements)
        ]
        faults: list[str] = []
        for found in self._done(tasks, "reading"):
            if found.fault:
                faults.append(found.fault)
                continue
            asked = Asked(key(found.path, found.elements), found.elements)
            store.gather(found.path.name, asked, found.order, found.said)
        if faults:
            raise ToolkitError("\n".join(sorted(faults)))

    def _compared(
        self,
        store: Store,
        publication: Publication,
        contents: Mapping[Path, str],
        templates: inputs.Templates,
        common: str,
    ) -> _Plan:
        """Compare the keys of everything with those under which it was made."""
        plan, made, there = _Plan(), store.made(), publication.names()
        paths, asked = {file.name: file for file in contents}, store.asked()
        shared = {"frame": frame(store.said, search=True), "forms": ()}
        for task in _tasks(store, paths, self._outputs, shared):
            name, one = f"{_DOCUMENT}{task.path.name}", asked[task.path.name]
            plan.keys[name] = inputs.digest(
                one.input,
                templates.of(self._kinds, ("document",), one.elements),
                inputs.digest_of(task.context),
            )
            if not _current(made.get(name), plan.keys[name], there):
                plan.tasks.append(task)
        for product in self._products():
            plan.keys[product.name] = inputs.digest(
                common,
                *(store.revision(name) for name in product.needs),
                *(f.read_bytes() if f.is_file() else b"" for f in product.sources),
                *(
                    f"{name} {content}"
                    for name, content in templates.digests.items()
                    if name.startswith(product.templates)
                ),
            )
            if not _current(made.get(product.name), plan.keys[product.name], there):
                plan.products.append(product)
        plan.gone = sorted(set(made) - set(plan.keys))
        plan.tasks.sort(key=lambda task: -task.path.stat().st_size)
        return plan

    def _products(self) -> list[Product]:
        """Return what is made for the whole edition."""
        return [each for output in self._worker.outputs for each in output.products()]

    @cached_property
    def _worker(self) -> Worker:
        """What works in this process: templates are compiled once for all it does."""
        return Worker(self.edition)

    # -- doing it --------------------------------------------------------------------

    def _carry_out(self, plan: _Plan, store: Store, publication: Publication) -> int:
        """Make what is out of date, and publish; return how many files went."""
        former = store.made()
        damaged = not _outputs(former) <= publication.names()
        is_clean = publication.prepare(anew=damaged)
        for result in self._done(plan.tasks, "rendering"):
            name = f"{_DOCUMENT}{result.path.name}"
            for file, content in result.files.items():
                publication.write(file, content)
            made = Made(plan.keys[name], result.words, tuple(result.files))
            store.make(name, made)
        for number, product in enumerate(plan.products):
            self._progress(product.name, number, len(plan.products))
            outputs = []
            for file, content in product.files(store.said):
                publication.write(file, _bytes(content))
                outputs.append(file)
            store.make(product.name, Made(plan.keys[product.name], 0, tuple(outputs)))
        store.unmake(plan.gone)
        wanted = _outputs(store.made())
        removed = _outputs(former) - wanted
        publication.remove(sorted(removed))
        if not is_clean:
            publication.sweep(wanted)
        publication.publish()
        store.commit()
        publication.catch_up()
        store.commit()
        return len(removed)

    def _done(self, tasks: Sequence[Any], label: str) -> Iterator[Any]:
        """Yield the results of tasks, in any order."""
        jobs = jobs_of(self._jobs, self._cluster, len(tasks))
        if isinstance(jobs, InProcess):  # which needs no worker beside ours
            results = jobs.results(lambda: self._worker, (), tasks)
        else:
            results = jobs.results(Worker, (self.edition,), tasks)
        for number, (_, result) in enumerate(results, 1):
            self._progress(label, number, len(tasks))
            yield result


def _possible(edition: Edition) -> tuple[Edition, str]:
    """Return an edition with the outputs that this machine can make, and why so."""
    if Print.name not in edition.outputs or is_there():
        return edition, ""
    others = tuple(name for name in edition.outputs if name != Print.name)
    return replace(edition, outputs=others), f"print was left out: {MISSING}"


def _tasks(
    store: Store,
    paths: Mapping[str, Path],
    outputs: Sequence[str],
    shared: Mapping[str, Any],
) -> Iterator[Make]:
    """Yield the task of making each document.

    Args:
        store: What documents and registers have said.
        paths: Their files, by name.
        outputs: The names of the edition's outputs.
        shared: What every page says of the edition.
    """
    entries = {file: said["entries"] for file, said in store.said("register")}
    named = dict(store.said("named"))
    neighbours = [None, *(said for _, said in store.said("neighbour")), None]
    for place, (file, _) in enumerate(store.digests("neighbour")):
        cards = {
            f"{register}#{ident}": entries[register][ident]
            for register, ident in named[file]
            if ident in entries.get(register, ())
        }
        context = {
            **shared,
            "forms": forms_of(paths[file].stem, outputs),
            "previous": neighbours[place],
            "following": neighbours[place + 2],
            "cards": cards,
        }
        yield Make(paths[file], context)


def _current(made: Made | None, key: str, there: set[str]) -> bool:
    """Whether something was made under this key and is still there."""
    return made is not None and made.key == key and there.issuperset(made.outputs)


def _outputs(made: Mapping[str, Made]) -> set[str]:
    return {name for one in made.values() for name in one.outputs}


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _no_clash(names: Sequence[str]) -> None:
    """Refuse two files for one page.

    Raises:
        ConfigError: A name is taken twice, or is one of the site's own.
    """
    folded = Counter(name.casefold() for name in names)
    for name in names:
        taken = name.casefold() in RESERVED or _MADE_NAMES.search(name)
        if taken or folded[name.casefold()] > 1:
            raise ConfigError(
                f"tei/{name}.xml cannot have a page of its own: the name is taken; "
                "give the file another name"
            )
