"""The same work gives the same results wherever it is done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from toolkit.errors import ToolkitError
from toolkit.jobs import Cluster, InProcess, Processes, jobs_of

if TYPE_CHECKING:
    from toolkit.jobs import Jobs


class Squares:
    """Squares numbers; some it cannot, and one kills its process."""

    def __init__(self, forbidden: int) -> None:
        self.forbidden = forbidden

    def __call__(self, number: int) -> int:
        if number == self.forbidden:
            raise ToolkitError(f"{number} is not squared here")
        if number == -1:
            os._exit(1)
        return number * number


@pytest.mark.parametrize("jobs", [InProcess(), Processes(2)], ids=["one", "two"])
def test_every_task_has_its_result(jobs: Jobs) -> None:
    assert dict(jobs.results(Squares, (99,), range(20))) == {
        n: n * n for n in range(20)
    }


@pytest.mark.parametrize("jobs", [InProcess(), Processes(2)], ids=["one", "two"])
def test_a_task_that_cannot_be_done_is_an_error_of_ours(jobs: Jobs) -> None:
    with pytest.raises(ToolkitError, match="3 is not squared here"):
        list(jobs.results(Squares, (3,), range(20)))


def test_a_process_that_dies_is_said() -> None:
    with pytest.raises(ToolkitError, match="a process died"):
        list(Processes(2).results(Squares, (99,), [1, -1, 2]))


@pytest.mark.parametrize(
    ("number", "tasks", "kind"),
    [
        (1, 1000, InProcess),
        (2, 1000, Processes),
        (4, 1, InProcess),
        (None, 3, InProcess),
    ],
)
def test_other_processes_are_used_only_where_they_are_worth_it(
    number: int | None, tasks: int, kind: type
) -> None:
    assert type(jobs_of(number, "", tasks)) is kind


def test_a_cluster_that_does_not_answer_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("toolkit.jobs.PATIENCE", "0.2s")
    with pytest.raises(ToolkitError, match=r"no Dask scheduler answers at tcp://127"):
        Cluster("tcp://127.0.0.1:9")
