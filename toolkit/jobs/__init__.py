"""Work that can be done anywhere: in this process, by several, or on a cluster.

One interface: a worker is made once wherever work is done, is given tasks, and
gives results. Tasks and results are small values that can be pickled; whoever asks
for the work writes the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from toolkit.errors import ToolkitError
from toolkit.jobs.crew import Crew, LostError, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Make = Callable[..., Callable[[Any], Any]]
    Outcome = tuple[Any, Any]

PATIENCE: Final = "10s"  #: how long a scheduler has to answer
_FEW: Final = 32  #: tasks for which other processes are not worth their start
_AHEAD: Final = 8  #: tasks a core that a cluster is given before it has answered


class Jobs(Protocol):
    """Somebody who does tasks."""

    def results(
        self, make: Make, arguments: tuple[Any, ...], tasks: Sequence[Any]
    ) -> Iterator[Outcome]:
        """Yield each task with its result, in any order.

        Args:
            make: Makes the function that does a task; a function or class of a
                module, so that another interpreter finds it.
            arguments: What it is made of.
            tasks: The tasks, the dearest first.

        Raises:
            ToolkitError: A task could not be done.
        """
        ...


class InProcess:
    """This process alone."""

    def results(
        self, make: Make, arguments: tuple[Any, ...], tasks: Sequence[Any]
    ) -> Iterator[Outcome]:
        """Yield each task with its result, in order."""
        if not tasks:
            return
        work = make(*arguments)
        for task in tasks:
            yield task, work(task)


class Processes:
    """Several processes on this machine."""

    def __init__(self, number: int) -> None:
        """Set up.

        Args:
            number: How many processes.
        """
        self._number = number

    def results(
        self, make: Make, arguments: tuple[Any, ...], tasks: Sequence[Any]
    ) -> Iterator[Outcome]:
        """Yield each task with its result as soon as it is done."""
        with Crew(min(self._number, len(tasks)), make, *arguments) as crew:
            for task, result in crew.results(tasks):
                yield task, _succeeded(result)


class Cluster:
    """The workers of a Dask cluster, who see the edition's folder by the same path."""

    def __init__(self, address: str) -> None:
        """Connect.

        Args:
            address: The scheduler's address, ``tcp://host:8786``.

        Raises:
            ToolkitError: Dask is not installed, or nobody answers there.
        """
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise ToolkitError(
                "a cluster needs dask.distributed, which is not installed\n"
                "  help: pip install 'tei-edition-toolkit[cluster]'"
            ) from None
        try:
            self._client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as fault:
            raise ToolkitError(
                f"no Dask scheduler answers at {address}: {fault}"
            ) from None

    def results(
        self, make: Make, arguments: tuple[Any, ...], tasks: Sequence[Any]
    ) -> Iterator[Outcome]:
        """Yield each task with its result as soon as it is done; then disconnect."""
        with self._client:
            if tasks:
                yield from self._results(make, arguments, tasks)

    def _results(
        self, make: Make, arguments: tuple[Any, ...], tasks: Sequence[Any]
    ) -> Iterator[Outcome]:
        from distributed import as_completed

        waiting = iter(tasks)
        width = _AHEAD * max(1, sum(self._client.ncores().values()))
        of: dict[Any, Any] = {}

        def sent() -> list[Any]:
            task = next(waiting, None)
            if task is None:
                return []
            future = self._client.submit(_on_cluster, make, arguments, task, pure=False)
            of[future.key] = task
            return [future]

        first = [future for _ in range(min(width, len(tasks))) for future in sent()]
        running = as_completed(first, loop=self._client.loop)
        for future in running:
            task = of.pop(future.key)
            try:
                result = future.result()
            except Exception as fault:
                raise _named(fault) from None
            for more in sent():
                running.add(more)
            yield task, result


def jobs_of(number: int | None, cluster: str, tasks: int) -> Jobs:
    """Return who is to do some work.

    Args:
        number: Processes asked for; None: one for each core if there is much to do.
        cluster: The address of a Dask scheduler, or an empty string.
        tasks: How many tasks there are.

    Raises:
        ToolkitError: The cluster cannot be reached.
    """
    if cluster:
        return Cluster(cluster)
    if number is None:
        number = cores() if tasks > _FEW else 1
    return Processes(number) if number > 1 and tasks > 1 else InProcess()


def _succeeded(result: Any) -> Any:
    if isinstance(result, Exception):
        raise _named(result)
    return result


def _named(fault: Exception) -> ToolkitError:
    """Return what happened to a task as an error that can be shown."""
    if isinstance(fault, ToolkitError):
        return fault
    if isinstance(fault, LostError):
        return ToolkitError("a process died at work; is there too little memory?")
    return ToolkitError(f"a worker failed: {fault}")


_WORKERS: dict[Any, Callable[[Any], Any]] = {}  #: of this process on a cluster


def _on_cluster(make: Make, arguments: tuple[Any, ...], task: Any) -> Any:
    """Do one task on a cluster; the worker is made once and kept."""
    key = (make, repr(arguments))
    if key not in _WORKERS:
        _WORKERS.clear()
        _WORKERS[key] = make(*arguments)
    return _WORKERS[key](task)
