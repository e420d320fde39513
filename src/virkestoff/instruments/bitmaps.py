"""Boolean columns as words of 64 rows, for rules that are joined by and, or, not.

Polars keeps a Boolean column as two bitmaps, what is true and what is known. They are read through
Arrow's C data interface (a stable layout that polars offers by ``__arrow_c_stream__``) and copied
at once, so nothing here outlives the column. Row ``r`` is bit ``r % 64`` of word ``r // 64``,
counted from the lowest; bits past the last row are nought.

Source: https://arrow.apache.org/docs/format/CDataInterface.html
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["WORD_ROWS", "Words", "every_row", "has_rows", "n_words", "read_bitmaps", "rows_of"]

Words: TypeAlias = NDArray[np.uint64]
WORD_ROWS = 64  # constant: bits of a word
_BYTE = 8  # constant: bits of a byte


class _Array(ctypes.Structure):
    """``ArrowArray`` of the C data interface."""


_Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]  # fmt: skip


class _Stream(ctypes.Structure):
    """``ArrowArrayStream`` of the C stream interface; only ``get_next`` is called."""

    _fields_ = [
        ("get_schema", ctypes.c_void_p),
        ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))),
        ("get_last_error", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


_pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_in.restype = ctypes.c_void_p
_pointer_in.argtypes = [ctypes.py_object, ctypes.c_char_p]


def n_words(n_rows: int) -> int:
    """How many words hold so many rows."""
    return -(-n_rows // WORD_ROWS)


def every_row(n_rows: int) -> Words:
    """Words in which the bit of every row is set, and none past the last."""
    words = np.full(n_words(n_rows), ~np.uint64(0))
    if n_rows % WORD_ROWS:
        words[-1] = np.uint64(2 ** (n_rows % WORD_ROWS) - 1)
    return words


def read_bitmaps(frame: pl.DataFrame, true: Words, possible: Words, every: Words) -> None:
    """Write where each of some Boolean columns is true, and where it is not false.

    Columns that were computed from one column share its bitmap of what is known, so it is read
    once for all of them.

    Parameters
    ----------
    true, possible : written to: a row per column, a word per 64 rows; what is unknown is possible
        and not true
    every : the rows that there are
    """
    if not frame.width or not frame.height:
        return
    if any(kind != pl.Boolean for kind in frame.dtypes):
        raise TypeError(f"only Boolean columns have bitmaps to read, not {frame.dtypes}")
    array = _Array()
    whole = frame.rechunk() if max(frame.n_chunks("all")) > 1 else frame  # rechunk always copies
    capsule: Any = whole.__arrow_c_stream__()
    stream = ctypes.cast(_pointer_in(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    if stream.contents.get_next(ctypes.addressof(stream.contents), ctypes.byref(array)):
        raise RuntimeError("the columns cannot be read as Arrow arrays")
    try:
        if array.length != frame.height or array.n_children != frame.width:
            raise RuntimeError("the columns came in parts")
        masks: dict[tuple[int, int], tuple[Words, Words]] = {}
        for k in range(frame.width):
            column = array.children[k].contents
            offset = array.offset + column.offset
            validity = column.buffers[0]
            if not validity:
                _copy_where(column.buffers[1], offset, frame.height, every, true[k])
                possible[k] = true[k]
                continue
            if (validity, offset) not in masks:
                known = np.empty_like(every)
                _copy_where(validity, offset, frame.height, every, known)
                masks[validity, offset] = known, known ^ every
            known, unknown = masks[validity, offset]
            _copy_where(column.buffers[1], offset, frame.height, known, true[k])
            np.bitwise_or(true[k], unknown, out=possible[k])
    finally:
        array.release(ctypes.byref(array))


def _copy_where(address: int, offset: int, n_rows: int, mask: Words, into: Words) -> None:
    """Copy ``n_rows`` bits that start at bit ``offset``, those alone that are set in ``mask``."""
    bytes_of = _bytes(into)
    start, shift = divmod(offset, _BYTE)
    address += start
    if shift:
        n_bytes = -(-(shift + n_rows) // _BYTE)
        read = np.frombuffer(ctypes.string_at(address, n_bytes), np.uint8)
        bits = np.unpackbits(read, count=shift + n_rows, bitorder="little")
        found = np.packbits(bits[shift:], bitorder="little")
        into[-1] = 0
        bytes_of[: found.size] = found
        np.bitwise_and(into, mask, out=into)
        return
    n_whole, left = divmod(n_rows, WORD_ROWS)
    if n_whole:  # read where they lie; past the last whole word nothing may be read
        bytes_there: Any = (ctypes.c_uint8 * (n_whole * _BYTE)).from_address(address)
        source = np.frombuffer(bytes_there, np.uint64)
        np.bitwise_and(source, mask[:n_whole], out=into[:n_whole])
    if left:
        tail = ctypes.string_at(address + n_whole * _BYTE, -(-left // _BYTE))
        into[-1] = np.uint64(int.from_bytes(tail, "little")) & mask[-1]


def _bytes(words: Words) -> NDArray[np.uint8]:
    """The bytes of words, the lowest first."""
    if sys.byteorder != "little":
        raise RuntimeError("bitmaps are read on little-endian machines only")
    return words.view(np.uint8)


def rows_of(words: Words) -> NDArray[np.intp]:
    """The rows whose bits are set, rising; bytes without any are passed over."""
    read = _bytes(words)
    at = np.flatnonzero(read != 0)
    found = np.flatnonzero(np.unpackbits(read[at], bitorder="little").view(np.bool_))
    rows: NDArray[np.intp] = at[found >> 3]  # constant: eight bits to a byte; dividing is slow
    rows <<= 3  # constant: as above
    rows |= found & (_BYTE - 1)
    return rows


def has_rows(words: Words, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether the bit of each of some rows is set."""
    bits: NDArray[np.uint8] = _bytes(words)[rows >> 3] >> (rows & (_BYTE - 1)).astype(np.uint8)
    return (bits & 1).astype(np.bool_)
