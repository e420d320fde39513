"""Reading ``library/facilities`` and files of windows: all faults of all files at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import FaultCollector, InputError
from virkestoff.evidence import Library, read_yaml, validation_faults
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.facilities.outcome import Outcome
from virkestoff.facilities.register import Register
from virkestoff.facilities.register_check import SECTIONS, Reader, check_between, check_broader
from virkestoff.facilities.request import check_term
from virkestoff.facilities.settings import settings_from
from virkestoff.facilities.vocabulary import DOES_FACETS, Vocabulary

__all__ = ["load_outcomes", "load_register", "load_vocabulary"]


def load_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary in a folder ``facilities``.

    Raises
    ------
    InputError
        lists every fault: unknown keys, broader terms that do not exist or lead round.
    """
    reader = Reader()
    for path in sorted(folder.glob("vocabulary*.yaml")):
        reader.read(path, f"facilities/{path.name}", ("terms",))
    check_broader(reader)
    reader.faults.raise_if_any()
    return Vocabulary(reader.found["terms"])


def load_register(library: Library, *files: Path, folder: Path | None = None) -> Register:
    """Everything in ``library/facilities``, and files with windows or further providers.

    Parameters
    ----------
    files : files, or folders of files, that providers or the hub have written
    folder : default ``facilities`` of the library

    Raises
    ------
    InputError
        lists every fault of every file: unknown keys, terms, sources, organisations and providers;
        periods that overlap or do not add up; a hospital's window that is not at actual cost.
    """
    place = folder or library.root / "facilities"
    reader = Reader()
    for path in sorted(place.glob("*.yaml")):
        reader.read(path, f"facilities/{path.name}", tuple(SECTIONS))
    if not reader.files:
        reader.faults.add(str(place), "holds no record of facilities")
    for path in _spread(files):
        reader.read(path, path.name, ("providers", "windows"))
    names = check_between(reader, library)
    reader.faults.raise_if_any()
    return Register(
        Vocabulary(reader.found["terms"]), reader.found["providers"],
        tuple(reader.found["gaps"].values()), settings_from(library), reader.found["windows"],
        names, reader.is_synthetic,
    )  # fmt: skip


def _spread(files: Sequence[Path]) -> list[Path]:
    return [one for path in files for one in
            (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]  # fmt: skip


class _Outcomes(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    outcomes: tuple[Outcome, ...]
    is_synthetic: bool = False


def load_outcomes(path: Path, vocabulary: Vocabulary) -> tuple[tuple[Outcome, ...], bool]:
    """How requests ended, from a YAML file, and whether they are marked synthetic.

    Raises
    ------
    InputError
        lists every fault.
    """
    try:
        found = _Outcomes.model_validate(read_yaml(path))
    except ValidationError as problem:
        raise InputError(validation_faults(path, path.name, (), problem)) from None
    faults = FaultCollector()
    for index, outcome in enumerate(found.outcomes):
        where = f"{path.name}:{line_of(path, ('outcomes', index))}: outcomes.{index}"
        check_term(outcome.does, DOES_FACETS, f"{where}.does", vocabulary, faults)
        if outcome.modality is not None:
            check_term(outcome.modality, ("product",), f"{where}.modality", vocabulary, faults)
    faults.raise_if_any()
    return found.outcomes, found.is_synthetic
