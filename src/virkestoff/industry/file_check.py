"""Checking a large file to its end while it is read, since reading takes one core of two.

Nothing is moved to its place before the check has ended well, so what is written is the same as if
the check had come first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from virkestoff.errors import InputError
from virkestoff.industry.file_parts import Parts
from virkestoff.industry.register_files import FileHead, check_whole
from virkestoff.industry.register_kinds import Limits

__all__ = ["CheckBeside"]


def _is_array(head: FileHead) -> bool:
    return head.layout == "array" and bool(head.keys)


class _Stopped(Exception):
    pass


class CheckBeside:
    """A check in a thread of its own; a fault that it finds stops the reading through ``stop``.

    ``parts`` is a JSON array, cut as it is unpacked into files in the folder ``work``; None for a
    file of another layout.
    """

    def __init__(
        self, head: FileHead, limits: Limits, progress: Callable[[int], None], work: Path
    ) -> None:
        self.stop: Callable[[], object] | None = None
        self.parts = parts = Parts(work, head.keys[0]) if _is_array(head) else None
        self._problem: Exception | None = None
        self._is_unwanted = threading.Event()

        def tell(done: int) -> None:
            if self._is_unwanted.is_set():
                raise _Stopped
            progress(done)

        def check() -> None:
            try:
                check_whole(head, limits, tell, parts.take if parts else None)
                if parts:
                    parts.end()
            except _Stopped:
                if parts:
                    parts.refuse()
            except Exception as problem:  # noqa: BLE001 - raised again in ``__exit__``
                self._problem = problem
                if parts:
                    parts.refuse()
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
        if self.parts is not None:
            self.parts.close()  # nobody reads them any more
        if problem is not None and not isinstance(problem, InputError):
            self._is_unwanted.set()  # an interrupt does not wait for the rest of the file
        self._thread.join()
        if self.parts is not None:
            self.parts.remove()
        if self._problem is not None and (problem is None or isinstance(problem, InputError)):
            raise self._problem from None  # what is wrong with the file is why it could not be read
