"""A large JSON array cut into parts while it is unpacked, so that two cores read it at once.

The table engine reads one array on one core, and unpacks it more slowly than zlib does. Here the
check of the file, which unpacks it anyway, writes its bytes on as smaller arrays. A part ends
between ``}`` and ``{"first key":``. Inside a string no quote stands bare, so in JSON such a place
lies between two records of some array; if it is not the outer one, the part is no whole array and
the engine refuses it. So if every part is read, the parts are the file, record for record. If one
is not, for whatever reason, nothing of them is used and the file is read whole.
"""

from __future__ import annotations

import json
import queue
import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

__all__ = ["PART_BYTES", "Parts", "ReadPart", "read_parts"]

PART_BYTES = 48 << 20  # constant: unpacked bytes; bounds the disk, changes no result
_WAITING = 2  # constant: parts that lie ready; more would only fill the disk
_PATIENCE = 0.05  # constant: seconds until a thread looks again whether the others go on
_LONGEST = 4  # constant: parts; a file that cannot be cut for so long is read whole


class Parts:
    """The parts of one array: cut by the thread that checks the file, read by others.

    Parameters
    ----------
    folder : where the parts are written, each until it has been read
    first_key : the key with which the records of the array begin
    size : bytes from which on a part is cut
    """

    def __init__(self, folder: Path, first_key: str, size: int = PART_BYTES) -> None:
        self.folder = folder
        self.is_whole = self.is_refused = False
        key = re.escape(json.dumps(first_key, ensure_ascii=False).encode())
        self._end = re.compile(rb"\}\s*(,)\s*(?=\{\s*" + key + rb"\s*:)")
        self._size, self._n, self._n_bytes = size, 0, 0
        self._stream: IO[bytes] | None = None
        self._ready: queue.Queue[tuple[int, Path]] = queue.Queue(_WAITING)
        self._is_closed, self._is_ended = threading.Event(), threading.Event()

    def take(self, piece: bytes) -> None:
        """The next bytes of the file, sound so far."""
        if self.is_closed:
            return
        self._n_bytes += len(piece)
        if self._n_bytes >= self._size and (found := self._last_end(piece)):
            end = found.start(1)
            self._write(memoryview(piece)[:end], b"]")
            self._hand_over()
            self._n_bytes = self._write(b"[", memoryview(piece)[end + 1 :])
        elif self._n_bytes > _LONGEST * self._size:
            self.close()
        else:
            self._write(piece)

    def end(self) -> None:
        """The file is whole and sound."""
        self.is_whole = self._hand_over()
        self._is_ended.set()

    def refuse(self) -> None:
        """The file is not to be read."""
        self.is_refused = True
        self.close()
        self._hand_over()

    def close(self) -> None:
        """Cut no further, and hand out no further part."""
        self._is_closed.set()

    @property
    def is_closed(self) -> bool:
        """Whether it was closed: before the end of the file, it was not cut whole."""
        return self._is_closed.is_set()

    def remove(self) -> None:
        """Remove all files; nobody cuts or reads any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def next(self) -> tuple[int, Path] | None:
        """Number and file of the next part; None when there is no further one."""
        while not self.is_closed:
            was_ended = self._is_ended.is_set()
            try:
                return self._ready.get(timeout=_PATIENCE)
            except queue.Empty:
                if was_ended:
                    return None
        return None

    def _last_end(self, piece: bytes) -> re.Match[bytes] | None:
        """The last place in a piece between two records; one that lies across pieces is missed."""
        last = None
        for found in self._end.finditer(piece):
            last = found
        return last

    def _write(self, *data: bytes | memoryview) -> int:
        """Add to the part; the bytes written. Without room for it the file may still be read."""
        try:
            if self._stream is None:
                self.folder.mkdir(exist_ok=True)
                self._stream = self._path.open("wb")
            self._stream.writelines(data)
        except OSError:
            self.close()
        return sum(map(len, data))

    @property
    def _path(self) -> Path:
        return self.folder / f"part_{self._n}.json"

    def _hand_over(self) -> bool:
        """End the part and wait until there is room in the queue; whether it came into it."""
        try:
            if self._stream is not None:
                self._stream.close()
        except OSError:
            self.close()
        self._stream = None
        while not self.is_closed:
            try:
                self._ready.put((self._n, self._path), timeout=_PATIENCE)
            except queue.Full:
                continue
            self._n += 1
            return True
        return False


@dataclass(frozen=True)
class ReadPart:
    """A part that was read: the table of its records, and the records in the parts before it."""

    table: Path
    n_before: int


def read_parts(
    engine: duckdb.DuckDBPyConnection, parts: Parts, copy_sql: Callable[[int, Path, Path], str],
    n_threads: int,
) -> list[ReadPart] | None:  # fmt: skip
    """Read all parts, so many at a time.

    Parameters
    ----------
    engine : each thread takes a cursor of its own
    copy_sql : (number of a part from 0, its file, file of its table) -> the statement that reads
        and writes

    Returns
    -------
    the tables in the order of the file; None if a part could not be read or the file not be cut.
    """
    counts: dict[int, tuple[Path, int]] = {}

    def work() -> None:
        try:
            with engine.cursor() as cursor:
                while (part := parts.next()) is not None:
                    number, path = part
                    table = path.with_suffix(".parquet")
                    row = cursor.execute(copy_sql(number, path, table)).fetchone()
                    path.unlink()
                    counts[number] = (table, int(row[0]) if row else 0)
        except duckdb.Error:  # reading the file whole says what is wrong, and where
            parts.close()

    try:
        with ThreadPoolExecutor(n_threads) as threads:
            readers = [threads.submit(work) for _ in range(n_threads)]
            try:
                for reader in readers:
                    reader.result()
            except BaseException:
                parts.close()
                raise
    finally:
        was_closed = parts.is_closed
        parts.close()
    if was_closed or not parts.is_whole:
        return None
    done, n_before = [], 0
    for number in sorted(counts):
        table, n = counts[number]
        done.append(ReadPart(table, n_before))
        n_before += n
    return done
