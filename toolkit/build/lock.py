"""One build at a time: the second waits until the first has ended, however it ends."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PAUSE: Final = 0.1  #: seconds between two attempts


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock; the system lets it go when the process ends, even if killed.

    Args:
        path: The lock's file; it stays.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait(descriptor)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int) -> None:
    said = False
    while not _taken(descriptor):
        if not said:
            click.echo("another build is at work: waiting for it", err=True)
            said = True
        time.sleep(_PAUSE)


def _taken(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
