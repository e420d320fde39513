"""Checking a large file to its end while it is read, since reading takes one core of two.

Nothing is moved to its place before the check has ended well, so what is written is the same as if
the check had come first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from virkestoff.errors import InputError
from virkestoff.industry.register_files import FileHead, check_whole
from virkestoff.industry.register_kinds import Limits

__all__ = ["CheckBeside"]


class _Stopped(Exception):
    pass


class CheckBeside:
    """A check in a thread of its own; a fault that it finds stops the reading through ``stop``."""

    def __init__(self, head: FileHead, limits: Limits, progress: Callable[[int], None]) -> None:
        self.stop: Callable[[], object] | None = None
        self._problem: Exception | None = None
        self._is_unwanted = threading.Event()

        def tell(done: int) -> None:
            if self._is_unwanted.is_set():
                raise _Stopped
            progress(done)

        def check() -> None:
            try:
                check_whole(head, limits, tell)
            except _Stopped:
                return
            except Exception as problem:  # noqa: BLE001 - raised again in ``answer``
                self._problem = problem
                if self.stop is not None:
                    self.stop()

        self._thread = threading.Thread(target=check, daemon=True)

    def __enter__(self) -> CheckBeside:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if problem is not None and not isinstance(problem, InputError):
            self._is_unwanted.set()  # an interrupt does not wait for the rest of the file
        self._thread.join()
        if self._problem is not None and (problem is None or isinstance(problem, InputError)):
            raise self._problem from None  # what is wrong with the file is why it could not be read
