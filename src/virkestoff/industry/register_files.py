"""What a file is before it is read: packed or not, whole or cut off, its layout and its keys."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.industry.register_kinds import Limits

__all__ = ["FileHead", "check_whole", "json_records", "look_at", "open_bytes", "unreadable"]

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_PART = 1 << 20  # constant: a mebibyte at a time
_GZIP_FRAME = zlib.MAX_WBITS | 16  # constant: zlib's own flag for the frame of gzip


@dataclass(frozen=True)
class FileHead:
    """The first look at a file.

    ``layout`` is ``array``, ``lines`` (one JSON record a line), ``object`` (one JSON object),
    ``csv`` or ``xlsx``; ``keys`` are the names of fields or columns as the file spells them.
    """

    path: Path
    layout: str
    is_packed: bool
    keys: tuple[str, ...]
    delimiter: str = ""
    encoding: str = "utf-8"

    @property
    def small_keys(self) -> frozenset[str]:
        """The keys in small letters: the registers do not spell them alike everywhere."""
        return frozenset(key.strip().lower() for key in self.keys)


def unreadable(path: Path, problem: OSError) -> InputError:
    """A file that the operating system does not hand over."""
    return InputError(
        Fault(str(path), f"cannot be read: {problem.strerror or problem}", next_step="Check path")
    )


def open_bytes(path: Path) -> IO[bytes]:
    """The unpacked bytes of a file, packed with gzip or not."""
    with path.open("rb") as stream:
        is_packed = stream.read(2) == GZIP
    return cast("IO[bytes]", gzip.open(path)) if is_packed else path.open("rb")


def look_at(path: Path) -> FileHead:
    """Layout and keys from the first mebibyte.

    Raises
    ------
    InputError
        if the file is empty, cannot be unpacked, or is of none of the layouts.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
        is_packed = start.startswith(GZIP)
        if start == ZIP:
            return FileHead(path, "xlsx", True, _sheet_heads(path))
        with open_bytes(path) as unpacked:
            head = unpacked.read(_PART)
    except (OSError, EOFError, zlib.error) as problem:
        if isinstance(problem, gzip.BadGzipFile | EOFError | zlib.error):
            raise InputError(_cut_off(path, str(problem))) from None
        raise unreadable(path, problem) from None
    if not head.strip():
        raise InputError(Fault(str(path), "is empty", next_step="Fetch the file again"))
    text, encoding = _decoded(head)
    mark = text.lstrip()[:1]
    if mark == "[" and not _has_second_record(text):
        return FileHead(path, "array", is_packed, _keys_of(text.lstrip()[1:]), encoding=encoding)
    if mark in ("{", "["):
        layout = "lines" if _has_second_record(text) else "object"
        return FileHead(path, layout, is_packed, _keys_of(text), encoding=encoding)
    line = next(csv.reader(io.StringIO(text.splitlines()[0])), [""])
    delimiter = max(";,\t", key=text.splitlines()[0].count)
    columns = next(csv.reader([text.splitlines()[0]], delimiter=delimiter), line)
    if len(columns) < 2:
        raise InputError(
            Fault(
                str(path),
                "is neither JSON, CSV nor a workbook",
                f"it begins with '{text[:30].strip()}'",
                "Name a file as the register publishes it; see docs/howto/import-registers.md",
            )
        )
    return FileHead(path, "csv", is_packed, tuple(columns), delimiter, encoding)


def _decoded(head: bytes) -> tuple[str, str]:
    """Text and encoding of the first bytes; UTF-8 unless they cannot be that."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace"), "cp1252"
    return text, "utf-8"


def _keys_of(text: str) -> tuple[str, ...]:
    """The keys of the first hundred records that stand whole in ``text``, wherever they differ."""
    decoder, position = json.JSONDecoder(), 0
    keys: dict[str, None] = {}
    for _ in range(100):
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            record, position = decoder.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError):
            break
        if isinstance(record, list) and record:  # a response a line is an array itself
            record = record[0]
        if isinstance(record, dict):
            keys |= dict.fromkeys(record) | dict.fromkeys(_wrapped(record))
    return tuple(keys)


def _wrapped(record: dict[str, Any]) -> Iterator[str]:
    """The keys of the records that a page of results carries, one or two steps down."""
    for value in record.values():
        inner = next(iter(value.values()), None) if isinstance(value, dict) and value else value
        for rows in (value, inner):
            if isinstance(rows, list) and rows and isinstance(rows[0], dict):
                yield from rows[0]


def _has_second_record(text: str) -> bool:
    first, _, rest = text.partition("\n")
    try:
        json.loads(first)
    except json.JSONDecodeError:
        return False
    return bool(rest.strip())


def _sheet_heads(path: Path) -> tuple[str, ...]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(min_row=1, max_row=1, values_only=True)
        heads = tuple(str(c).strip() for c in next(iter(rows), ()) if c is not None)
        book.close()
    except (KeyError, ValueError, IndexError, OSError, zipfile.BadZipFile, zlib.error) as problem:
        raise InputError(_cut_off(path, str(problem), "workbook")) from None
    return heads


def _cut_off(path: Path, problem: str, what: str = "gzip file") -> Fault:
    return Fault(
        str(path),
        f"is a {what} that cannot be unpacked to its end ({problem.strip(chr(39))})",
        "the transfer broke off or the file is damaged; a part of a register is no register",
        "Fetch the file again",
    )


def check_whole(
    head: FileHead,
    limits: Limits,
    progress: Callable[[int], None],
    take: Callable[[bytes], None] | None = None,
) -> None:
    """Unpack to the end: checksum, size after unpacking, and encoding, before anything is read.

    ``take`` is handed the unpacked bytes of all but a workbook, piece by piece, as they are
    checked; they are sound only if the check ends without a fault.

    Raises
    ------
    InputError
        with every fault of the file as a whole.
    """
    faults = FaultCollector()
    if head.layout == "xlsx":
        _check_workbook(head.path, limits, faults)
    else:
        try:
            _check_stream(head, limits, progress, faults, take or _nobody)
        except OSError as problem:
            raise unreadable(head.path, problem) from None
    faults.raise_if_any()


def _nobody(piece: bytes) -> None:
    """Nobody takes the bytes."""


def _too_large(path: Path, limit: int, faults: FaultCollector) -> None:
    faults.add(
        str(path),
        f"unpacks to more than {limit:,} bytes",
        "no register is that large for its packed size; such a file can fill the disk",
        "Fetch the file from the register itself",
    )


def _check_stream(
    head: FileHead,
    limits: Limits,
    progress: Callable[[int], None],
    faults: FaultCollector,
    take: Callable[[bytes], None],
) -> None:
    packed = head.path.stat().st_size
    limit = limits.expanded_bytes
    if head.is_packed:
        limit = min(limit, max(packed * limits.expansion, limits.small_bytes))
    unpack = zlib.decompressobj(wbits=_GZIP_FRAME)
    text = _Utf8(head.path, faults) if head.encoding == "utf-8" else None
    size = 0
    with head.path.open("rb") as stream:
        while part := stream.read(_PART):
            progress(len(part))
            try:
                for piece in _unpacked(unpack, part) if head.is_packed else (part,):
                    size += len(piece)
                    if size > limit:
                        return _too_large(head.path, limit, faults)
                    if text is not None:
                        text.look_at(piece)
                    take(piece)
            except zlib.error as problem:
                faults.faults.append(_cut_off(head.path, str(problem)))
                return None
            if head.is_packed and unpack.eof and unpack.unused_data:
                unpack, rest = zlib.decompressobj(wbits=_GZIP_FRAME), unpack.unused_data
                stream.seek(-len(rest), io.SEEK_CUR)  # a further member of the same file
                progress(-len(rest))
    if head.is_packed and not unpack.eof:
        faults.faults.append(_cut_off(head.path, "its end is missing"))
    elif text is not None:
        text.look_at(b"", is_last=True)
    return None


class _Utf8:
    """Looks whether bytes are UTF-8, and says once in which line they are not."""

    def __init__(self, path: Path, faults: FaultCollector) -> None:
        self.path, self.faults, self.n_lines, self.is_sound = path, faults, 0, True
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def look_at(self, piece: bytes, is_last: bool = False) -> None:
        """The next bytes of the file."""
        if not self.is_sound:
            return
        try:
            self.decoder.decode(piece, is_last)
            self.n_lines += piece.count(b"\n")
        except UnicodeDecodeError as problem:
            self.is_sound = False
            line = self.n_lines + problem.object[: problem.start].count(b"\n") + 1
            self.faults.add(
                f"{self.path}, line {line}",
                f"is not UTF-8: byte 0x{problem.object[problem.start]:02x}",
                "the register publishes UTF-8; a file saved as cp1252 would change names",
                "Fetch the file again and do not save it from a spreadsheet",
            )


def _unpacked(unpack: Any, part: bytes) -> Iterator[bytes]:
    """Pieces of bounded size, so that a bomb never stands in memory whole."""
    piece = unpack.decompress(part, _PART)
    yield piece
    while unpack.unconsumed_tail:
        yield unpack.decompress(unpack.unconsumed_tail, _PART)


def _check_workbook(path: Path, limits: Limits, faults: FaultCollector) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            size = sum(part.file_size for part in book.infolist())
            packed = max(path.stat().st_size, 1)
            limit = max(packed * limits.expansion, limits.small_bytes)
            if size > min(limit, limits.expanded_bytes):
                _too_large(path, min(limit, limits.expanded_bytes), faults)
            elif damaged := book.testzip():
                faults.faults.append(_cut_off(path, f"{damaged} is damaged", "workbook"))
    except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
        faults.faults.append(_cut_off(path, str(problem), "workbook"))


def json_records(head: FileHead) -> Iterator[Any]:
    """The top-level records of a JSON file of any layout, one at a time.

    Raises
    ------
    InputError
        where the text is no JSON; it names the record.
    """
    decoder, buffer, is_over, n = json.JSONDecoder(), "", False, 0
    is_open = head.layout != "array"  # an array opens once, with its bracket
    with io.TextIOWrapper(open_bytes(head.path), encoding="utf-8-sig") as stream:
        while True:
            stripped = buffer.lstrip(" \t\r\n,")
            if not is_open and stripped.startswith("["):
                is_open, stripped = True, stripped[1:].lstrip()
            try:
                record, end = decoder.raw_decode(stripped)
            except (json.JSONDecodeError, RecursionError) as problem:
                part = "" if is_over else stream.read(_PART)
                is_over = not part
                buffer = stripped + part
                if not is_over:
                    continue
                if buffer.strip() == ("]" if head.layout == "array" else ""):
                    return
                raise InputError(_no_json(head.path, n + 1, problem)) from None
            n += 1
            if not is_over and end == len(stripped):  # a number may go on in the next part
                part = stream.read(_PART)
                is_over, buffer = not part, stripped + part
                if part:
                    n -= 1
                    continue
            yield record
            buffer = stripped[end:]


def _no_json(path: Path, n: int, problem: Exception) -> Fault:
    return Fault(
        f"{path}, record {n}",
        f"is not JSON: {getattr(problem, 'msg', 'too deeply nested')}",
        "the file is cut off, joined from parts, or not what the register publishes",
        "Fetch the file again",
    )
