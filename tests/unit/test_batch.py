"""Many documents at once: the same findings with any number of processes and caches."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from toolkit.cache import Cache, cache_folder
from toolkit.cli import cli
from toolkit.config import Edition
from toolkit.jobs import crew
from toolkit.jobs.crew import Crew, LostError
from toolkit.tei import TEI_NS
from toolkit.validate import check
from toolkit.validate.found import shortened
from toolkit.validate.how import How, how
from toolkit.validate.many.worker import Check, FindShared, ReadIds, Worker

if TYPE_CHECKING:
    from pathlib import Path


RNG = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{TEI_NS}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<include href="more.rng"/>
<start><element name="TEI"><ref name="ids"/><zeroOrMore><ref name="p"/></zeroOrMore>
</element></start><define name="ids"><optional><attribute name="xml:id" ns="">
<data type="ID"/></attribute></optional></define></grammar>"""
MORE = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{TEI_NS}">
<define name="p"><element name="p"><ref name="ids"/><optional>
<attribute name="corresp"/></optional><text/></element></define></grammar>"""
SCH = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="tei" uri="http://www.tei-c.org/ns/1.0"/><pattern id="words">
<rule context="tei:p"><assert test="normalize-space(.)">no words</assert></rule>
</pattern></schema>"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """An edition of six documents, each with its own faults; two share an id."""
    root = tmp_path / "edition"
    for name, content in {
        "edition.rng": RNG,
        "more.rng": MORE,
        "edition.sch": SCH,
    }.items():
        (root / "schema").mkdir(parents=True, exist_ok=True)
        (root / "schema" / name).write_text(content)
    edition = Edition(root)
    for name, body in {
        "a": '<p xml:id="a1">x</p><p corresp="#a1 b.xml#b1 c.xml#no">x</p>',
        "b": '<p xml:id="b1">x</p><p xml:id="same">x</p><q/>',
        "c": '<p xml:id="same">x</p><p corresp="#b1">x</p><p/>',
        "d": '<p corresp="image.png">x</p>',
        "e": "<p>not well-formed",
        "f": '<p corresp="#nothing">x</p>' * 3,
    }.items():
        write(edition, name, body)
    return edition


def write(edition: Edition, name: str, body: str) -> Path:
    edition.tei.mkdir(exist_ok=True)
    path = edition.tei / f"{name}.xml"
    path.write_text(f'<TEI xmlns="{TEI_NS}">\n{body}</TEI>')
    return path


def told(edition: Edition, asking: How | None = None) -> list[str]:
    """Return the findings of an edition with everything that is said."""
    found = check(edition.documents(), edition, (), asking)
    return [repr(finding) for finding in found]


def anew(edition: Edition) -> list[str]:
    """Return the findings of an edition when nothing is kept."""
    return told(edition, How(cache=Cache(None), jobs=1))


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The tasks that are done, each with its document."""
    done: list[tuple[str, str]] = []
    original = Worker.__call__

    def noting(self: Any, task: Check | ReadIds | FindShared) -> object:
        done.append((type(task).__name__, task.path.stem))
        return original(self, task)

    monkeypatch.setattr(Worker, "__call__", noting)
    return done


# -- findings are the same ---------------------------------------------------------


def test_the_faults_of_the_edition_are_found(edition: Edition) -> None:
    found = list(check(edition.documents(), edition))
    assert [(one.path.stem, one.code) for one in found] == [
        ("a", "TEI303"),
        ("b", "TEI305"),
        ("b", "TEI101"),
        ("c", "TEI305"),
        ("c", "TEI301"),
        ("c", "TEI200"),
        ("d", "TEI302"),
        ("e", "XML002"),
        ("f", "TEI301"),
    ]


@pytest.mark.parametrize(
    ("jobs", "forks"),
    [(1, False), (2, True), (3, True), (2, False)],
    ids=["one", "two forks", "three forks", "two spawned"],
)
@pytest.mark.parametrize("keep", [True, False], ids=["cache", "no cache"])
def test_any_number_of_processes_finds_the_same(
    edition: Edition,
    jobs: int,
    forks: bool,
    keep: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew, "may_fork", lambda: forks)
    expected = anew(edition)
    assert told(edition, how(jobs=jobs, keep=keep)) == expected
    assert told(edition, how(jobs=jobs, keep=keep)) == expected


def test_without_a_cache_nothing_is_kept(edition: Edition) -> None:
    anew(edition)
    folder = cache_folder()
    assert folder is not None
    assert list(folder.iterdir()) == []


def test_only_some_stages_are_asked(edition: Edition) -> None:
    def codes(*only: str) -> set[str]:
        found = check(edition.documents(), edition, (), how(only))
        return {one.code[:4] for one in found}

    assert codes("grammar") == {"XML0", "TEI1"}
    assert codes("rules") == {"XML0", "TEI2"}
    assert codes("pointers") == {"XML0", "TEI3"}
    assert codes("grammar", "pointers") == {"XML0", "TEI1", "TEI3"}


# -- what has not changed is not checked again -------------------------------------


def test_a_second_run_checks_nothing(
    edition: Edition, tasks: list[tuple[str, str]]
) -> None:
    first = told(edition)
    tasks.clear()
    assert told(edition) == first
    assert tasks == []


@pytest.mark.parametrize(
    ("name", "body", "checked"),
    [
        ("d", "<p>new</p>", {"d"}),
        ("b", '\n<p xml:id="b1">moved</p><p xml:id="same">x</p>', {"b"}),
        ("b", '<p xml:id="gone">x</p><p xml:id="same">x</p>', {"a", "b", "c"}),
        ("c", '<p xml:id="no">x</p>', {"a", "c"}),
        ("d", '<p xml:id="nothing">x</p>', {"d", "f"}),
        ("e", "<p>well-formed</p>", {"e"}),
        ("b", "<p>broken", {"a", "b", "c"}),
    ],
    ids=[
        "a document of its own",
        "lines",
        "an id that is asked for goes",
        "an id that is missed comes",
        "an id that is missed comes elsewhere",
        "mended",
        "broken",
    ],
)
def test_after_a_change_only_what_it_concerns_is_checked(
    edition: Edition,
    tasks: list[tuple[str, str]],
    name: str,
    body: str,
    checked: set[str],
) -> None:
    told(edition)
    write(edition, name, body)
    tasks.clear()
    again = told(edition)
    assert {document for what, document in tasks if what == "Check"} == checked
    assert again == anew(edition)


def test_files_that_are_pointed_to_are_looked_for_anew(edition: Edition) -> None:
    before = told(edition)
    (edition.tei / "image.png").write_bytes(b"")
    after = told(edition)
    assert after == anew(edition) != before
    (edition.tei / "image.png").unlink()
    assert told(edition) == before


def test_documents_that_come_and_go_are_noticed(edition: Edition) -> None:
    before = told(edition)
    path = write(edition, "g", '<p xml:id="a1">x</p><p xml:id="no">x</p>')
    assert told(edition) == anew(edition) != before
    path.unlink()
    assert told(edition) == before


@pytest.mark.parametrize("name", ["edition.rng", "more.rng", "edition.sch"])
def test_a_change_in_any_schema_is_noticed(edition: Edition, name: str) -> None:
    before = told(edition)
    path = edition.root / "schema" / name
    path.write_text(path.read_text().replace('"corresp"', '"n"').replace("no w", "W"))
    if name != "edition.rng":
        assert told(edition) != before
    assert told(edition) == anew(edition)


def test_a_change_that_hides_behind_size_and_time_is_noticed(edition: Edition) -> None:
    path = write(edition, "d", "<p>old</p>")
    before = told(edition)
    status = path.stat()
    path.write_text(path.read_text().replace("<p>old</p>", "<q>old</q>"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert told(edition) == anew(edition) != before


@pytest.mark.parametrize("damage", ["no database", "half", "other", "rows", "open"])
def test_a_damaged_store_is_not_believed(edition: Edition, damage: str) -> None:
    before = told(edition)
    folder = cache_folder()
    assert folder is not None
    (store,) = folder.glob("results-*.sqlite")
    if damage == "no database":
        store.write_bytes(b"nonsense" * 1000)
    elif damage == "half":
        store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])
    elif damage == "open":
        store.chmod(0o666)
    else:
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(store)) as database, database:
            if damage == "other":
                database.execute("drop table results")
            else:
                database.execute("update results set findings = '[1]'")
    assert told(edition) == before
    assert told(edition) == before


def test_rules_that_look_outside_the_document_are_asked_each_time(
    edition: Edition, tasks: list[tuple[str, str]]
) -> None:
    rules = edition.root / "schema" / "edition.sch"
    rules.write_text(
        rules.read_text().replace('"normalize-space(.)"', "\"doc-available('b.xml')\"")
    )
    told(edition)
    tasks.clear()
    told(edition)
    assert {document for what, document in tasks if what == "Check"} == set("abcdef")


# -- too many findings -------------------------------------------------------------


def test_of_very_many_findings_the_first_are_told_and_the_rest_counted(
    edition: Edition,
) -> None:
    path = write(edition, "d", '<p xml:id="d0">x</p>' + "\n<q/>" * 2_500)
    found = list(shortened(check([path], edition)))
    assert len(found) == 1_001
    assert [one.code for one in found[-2:]] == ["TEI101", "XML007"]
    assert found[-1].message.startswith("1,500 more findings")
    assert "1,500 of them errors" in found[-1].message


def test_what_was_only_counted_is_counted_on(edition: Edition) -> None:
    path = write(edition, "d", '<p xml:id="d0">x</p>' + "\n<q/>" * 12_000)
    found = list(check([path], edition))
    assert len(found) == 10_001
    assert found[-1].message.startswith("2,000 more findings")
    assert list(shortened(found))[-1].message.startswith("11,000 more findings")


def test_a_baseline_of_thousands_hides_nothing_new(edition: Edition) -> None:
    known = edition.root / "known.json"
    command = ["--edition", str(edition.root), "validate", "--only", "grammar"]
    lines = '<p xml:id="d0">x</p>' + "\n<q/>" * 2_500 + "\n"
    command.append(str(write(edition, "d", lines)))
    recorded = CliRunner().invoke(cli, [*command, "--write-baseline", str(known)])
    assert "2500 findings written" in recorded.stderr
    write(edition, "d", lines + "<blah/>")
    found = CliRunner().invoke(cli, [*command, "--baseline", str(known)])
    assert found.exit_code == 1
    (line,) = found.stdout.splitlines()
    assert "<blah>" in line


def test_what_was_only_counted_is_never_known(edition: Edition) -> None:
    known = edition.root / "known.json"
    command = ["--edition", str(edition.root), "validate", "--only", "grammar"]
    write(edition, "d", '<p xml:id="d0">x</p>' + "\n<q/>" * 11_000)
    CliRunner().invoke(cli, [*command, "--write-baseline", str(known)])
    found = CliRunner().invoke(cli, [*command, "--baseline", str(known)])
    assert found.exit_code == 1
    assert "XML007 1,000 more findings" in found.stdout


# -- processes ---------------------------------------------------------------------


def doubling(by: int) -> Any:
    def work(task: int) -> int:
        if task == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if task == 4:
            raise MemoryError
        if task == 5:
            raise ValueError("five")
        return task * by

    return work


@pytest.mark.parametrize("forks", [True, False], ids=["fork", "spawn"])
def test_a_process_that_dies_takes_only_its_task_with_it(
    forks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "may_fork", lambda: forks)
    with Crew[int, int](2, doubling, 2) as several:
        done = dict(several.results(range(8)))
        assert dict(several.results([6, 7])) == {6: 12, 7: 14}
    assert {task: done[task] for task in (0, 1, 2, 6, 7)} == {
        0: 0,
        1: 2,
        2: 4,
        6: 12,
        7: 14,
    }
    assert isinstance(done[3], LostError)
    assert isinstance(done[4], LostError)
    assert isinstance(done[5], RuntimeError)
    assert "five" in str(done[5])


def test_a_schema_that_cannot_be_used_is_said_once(edition: Edition) -> None:
    from toolkit.errors import SchemaError

    (edition.root / "schema" / "edition.rng").write_text("<grammar/>")
    with pytest.raises(SchemaError):
        told(edition, how(jobs=2))


@pytest.mark.slow
def test_ctrl_c_ends_everything_at_once(edition: Edition, checkout: Path) -> None:
    body = '<p corresp="#x">word</p>\n' * 40_000
    for number in range(6):
        write(edition, f"large{number}", body)
    started = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "--edition", str(edition.root), "validate",
         "--jobs", "2"],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    time.sleep(2.5)
    asked = time.monotonic()
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=20)
    assert time.monotonic() - asked < 2
    assert started.returncode == 1
    assert b"Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(started.pid, 0)


def test_a_name_that_is_not_unicode_is_checked_anew_each_time(edition: Edition) -> None:
    odd = edition.tei / os.fsdecode(b"\xff.xml")
    odd.write_bytes((edition.tei / "f.xml").read_bytes())
    for _ in ("first", "again"):
        found = list(check(edition.documents(), edition))
        assert len([one for one in found if one.path == odd]) == 1
