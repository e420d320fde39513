"""The records of a JSON array as lines in a named pipe: unpacked once, read by several threads.

The table engine reads an array with one thread, since only a parser knows where a record ends, and
lines with as many as there are. The file is unpacked anyway to check it to its end, so the same
bytes go on to the engine, with a line break where the next record begins. That place is known by
the very bytes between the first record and the second. In JSON they cannot stand inside a text,
since a quote does not; and wherever a record begins otherwise, or they stand deeper, the line is no
JSON: the engine stops, and the file is read as the array that it is.
"""

from __future__ import annotations

import json
import os
import re
import select
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from virkestoff.industry.register_files import FileHead, open_bytes

__all__ = ["RecordPipe"]

_PART = 1 << 20  # constant: a mebibyte, the most a pipe may hold without special rights
_PAUSE = 0.002  # constant: seconds between two looks whether the reader is there
_NAME = "records"
_MARK = re.compile(rb'\}\s*,\s*\{\s*"[^"\\]+"')


class RecordPipe:
    """Takes the bytes of an array piece by piece in one thread; the reader opens ``head.path``.

    Attributes
    ----------
    head : the pipe as a file of lines
    n_lines : records written
    is_whole : whether the array was written to its closing bracket
    """

    def __init__(self, head: FileHead, place: Path, mark: bytes) -> None:
        self.head = replace(head, path=place, layout="lines", is_packed=False)
        self.n_lines, self.is_whole = 1, False
        self._mark = mark.replace(b"\n", b"\t")
        self._line = self._mark.replace(b"}", b"}\n", 1)
        self._rest, self._has_begun, self._is_unwanted = b"", False, False
        self._pipe: int | None = None

    @classmethod
    def of(cls, head: FileHead, folder: Path) -> RecordPipe | None:
        """A pipe in ``folder``, or nothing where the file or the system has no use for one."""
        if head.layout != "array" or not hasattr(os, "mkfifo"):
            return None
        mark = _mark_of(head)
        if mark is None:
            return None
        try:
            os.mkfifo(folder / _NAME)
        except OSError:  # a file system without pipes
            return None
        return cls(head, folder / _NAME, mark)

    def write(self, piece: bytes) -> None:
        """The next bytes of the array."""
        if self._is_unwanted:
            return
        if b"\n" in piece:
            piece = piece.replace(b"\n", b"\t")  # both blank between, both wrong inside a text
        piece = self._rest + piece
        if not self._has_begun:
            piece = piece.lstrip()
            if not piece:
                return
            self._has_begun, piece = True, piece[1:]
        lines = piece.replace(self._mark, self._line)
        self.n_lines += len(lines) - len(piece)
        at = max(len(lines) - len(self._mark) + 1, 0)
        self._rest = lines[at:]
        self._put(memoryview(lines)[:at])

    def finish(self) -> None:
        """The last line, if the array is closed."""
        end = self._rest.rstrip()
        if not self._is_unwanted and end.endswith(b"]"):
            self._put(memoryview(end[:-1] + b"\n"))
            self.is_whole = not self._is_unwanted
        self.close()

    def close(self) -> None:
        """No more comes: by the writing thread, whether the array has ended or not."""
        self._is_unwanted = True
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def give_up(self) -> None:
        """By the reading thread: it wants no more, or never began."""
        self._is_unwanted = True

    def _put(self, data: memoryview) -> None:
        """Write without ever waiting for a reader that has gone."""
        while self._pipe is None and not self._is_unwanted:
            try:
                self._pipe = os.open(self.head.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads yet
                time.sleep(_PAUSE)
                continue
            _widen(self._pipe)
        while data and self._pipe is not None and not self._is_unwanted:
            try:
                data = data[os.write(self._pipe, data) :]
            except BlockingIOError:
                select.select([], [self._pipe], [], 0.1)  # constant: then look again
            except BrokenPipeError:
                self._is_unwanted = True


def _widen(pipe: int) -> None:
    """A pipe of a mebibyte, where the system knows how: fewer turns between the threads."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PART)


def _mark_of(head: FileHead) -> bytes | None:
    """The bytes from the end of the first record to the name of the second one's first field."""
    with open_bytes(head.path) as stream:
        text = stream.read(_PART).decode("utf-8", errors="ignore")
    start = text.lstrip()
    if not start.startswith("["):
        return None
    start = start[1:].lstrip()
    try:
        record, end = json.JSONDecoder().raw_decode(start)
    except (json.JSONDecodeError, RecursionError):
        return None
    found = _MARK.match(start[end - 1 :].encode())
    is_first = found is not None and isinstance(record, dict) and record
    return found[0] if found is not None and is_first else None
