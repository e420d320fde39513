"""What every renderer does last: text without control characters, files written whole."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from datetime import date
from pathlib import Path

from virkestoff.errors import Fault, InputError

__all__ = ["printable", "with_fixed_dates", "write_whole"]

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\ud800-\udfff]"
)


def printable(text: str) -> str:
    """``text`` without characters that XML forbids or that turn the direction of writing."""
    return _UNPRINTABLE.sub("", text)


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and move it there, so that no half file is ever seen.

    Raises
    ------
    InputError
        if the folder is missing or cannot be written.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as problem:
        if temporary and Path(temporary).exists():
            Path(temporary).unlink()
        raise InputError(
            Fault(
                str(path),
                "cannot be written",
                why=problem.strerror or "",
                next_step="Choose a folder that exists and can be written",
            )
        ) from None


def with_fixed_dates(archive: bytes, day: date) -> bytes:
    """The same zip archive with every entry dated ``day``, so that equal content is equal bytes."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)  # constant: zip starts in 1980
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            after.writestr(entry, before.read(name))
    return target.getvalue()
