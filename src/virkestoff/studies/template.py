"""A small study that runs, for ``virkestoff study new``."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import content_root
from virkestoff.studies.output import atomic_folder

__all__ = ["write_template"]

_TEMPLATE = "example"


def write_template(folder: Path) -> tuple[Path, ...]:
    """Copy the example study to ``folder`` under its own name.

    Raises
    ------
    InputError
        if the folder is there already, or its name is no study name.
    """
    name = folder.name
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        raise InputError(
            Fault(
                f"study '{name}'",
                "is no name for a study",
                next_step="Use lower-case letters, digits and _, starting with a letter",
            )
        )
    if folder.exists():
        raise InputError(Fault(str(folder), "is there already", next_step="Choose another name"))
    source = content_root() / "studies" / _TEMPLATE
    with atomic_folder(folder) as draft:
        for path in sorted(source.iterdir()):
            if path.is_file():
                shutil.copyfile(path, draft / path.name)
        text = (draft / "study.yaml").read_text(encoding="utf-8")
        renamed = re.sub(r"^study: .*$", f"study: {name}", text, count=1, flags=re.MULTILINE)
        (draft / "study.yaml").write_text(renamed, encoding="utf-8")
    return tuple(sorted(folder.iterdir()))
