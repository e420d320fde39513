"""Tables as files to download."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse

__all__ = ["table_file"]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "dta": "application/x-stata-dta",
    "sav": "application/x-spss-sav",
    "zip": "application/zip",
}


def table_file(files: Mapping[str, bytes], name: str, kind: str, on: date) -> HttpResponse:
    """A table as an attachment with the day in its name.

    A format that has a second file, which tells what the columns mean, comes as a ZIP of both.
    """
    data = next(iter(files.values()))
    if len(files) > 1:
        data, kind = _zipped(files), "zip"
    response = HttpResponse(data, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{on}.{kind}"'
    return response


def _zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return held.getvalue()
