"""Several processes at work on tasks, the largest first.

A task is a small value, and so is its result: no tree travels. A worker that dies
(of lack of memory, say) takes only the task at hand with it. Ctrl-C ends all at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from toolkit.errors import SchemaError, ToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Task = TypeVar("Task")
Result = TypeVar("Result")

_MOST: Final = 64  #: processes at most


class LostError(Exception):
    """The process that had a task has died."""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_fork() -> bool:
    """Say whether a process may be copied, which is quicker than starting a new one.

    Not where another thread could hold a lock in the copy for ever, nor on systems
    whose own libraries do not bear it.
    """
    return sys.platform == "linux" and threading.active_count() == 1


class Crew(Generic[Task, Result]):
    """Processes that have each made a worker and wait for tasks."""

    def __init__(
        self,
        number: int,
        make: Callable[..., Callable[[Task], Result]],
        *arguments: Any,
    ) -> None:
        """Start the processes; end them by leaving the ``with`` statement.

        Args:
            number: How many.
            make: Makes the function that does a task; a function of a module, so
                that a new interpreter finds it.
            arguments: What it is made of; they can be pickled.
        """
        self._forks = may_fork()
        self._context: Any = multiprocessing.get_context(
            "fork" if self._forks else "spawn"
        )
        self._make, self._arguments = make, arguments
        self._members: list[tuple[BaseProcess, Connection]] = []
        for _ in range(min(number, _MOST)):
            self._members.append(self._started())

    def _started(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._context.Pipe()
        # A fork has copies of our ends, too: as long as they are open, nobody who
        # waits at the other end learns that we have gone.
        copies = [ours, *(pipe for _, pipe in self._members)] if self._forks else []
        process = self._context.Process(
            target=_work,
            args=(theirs, copies, self._make, self._arguments),
            daemon=True,
        )
        process.start()
        theirs.close()
        return process, ours

    def __enter__(self) -> Crew[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        for process, pipe in self._members:
            pipe.close()
            process.terminate()
        for process, _pipe in self._members:
            process.join()

    def results(
        self, tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result | Exception]]:
        """Yield each task with its result as soon as it is done, in any order.

        Yields:
            The task; and its result, what it raised, or :class:`LostError`.
        """
        waiting = iter(tasks)
        busy: dict[Any, tuple[int, Task]] = {}
        for place in range(len(self._members)):
            self._give(place, waiting, busy)
        while busy:
            for pipe in wait(list(busy)):
                place, task = busy.pop(pipe)
                result: Result | Exception
                try:
                    result = self._members[place][1].recv()
                except (EOFError, OSError):
                    self._members[place][0].join()
                    self._members[place] = self._started()
                    result = LostError()
                self._give(place, waiting, busy)
                yield task, result

    def _give(
        self,
        place: int,
        waiting: Iterator[Task],
        busy: dict[Any, tuple[int, Task]],
    ) -> None:
        for task in waiting:
            pipe = self._members[place][1]
            busy[pipe] = place, task
            with suppress(OSError):  # it has died: what we wait for will say so
                pipe.send(task)
            return


def _work(
    pipe: Connection,
    copies: Iterable[Connection],
    make: Callable[..., Callable[[Any], Any]],
    arguments: tuple[Any, ...],
) -> None:
    """Do tasks until there are no more."""
    # Ctrl-C reaches every process of the terminal; who started us ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for copy in copies:
        copy.close()
    work: Callable[[Any], Any] | None = None
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        result: Any
        try:
            work = work or make(*arguments)
            result = work(task)
        except ToolkitError as fault:
            result = SchemaError(fault.message)  # others may not survive the way
        except MemoryError:
            result = LostError()
        except Exception:
            result = RuntimeError(traceback.format_exc())
        pipe.send(result)
