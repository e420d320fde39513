"""Why figures differ: the reasons that are known, from ``conflicts.yaml`` of the library."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence.library import Library, validation_faults
from virkestoff.evidence.yaml_reader import line_of, read_yaml
from virkestoff.language import Text

__all__ = ["Reason", "load_reasons"]

FILE = "evidence/conflicts.yaml"


class Reason(BaseModel):
    """Why two or more statistics differ.

    ``how`` tells whether the reason was read in a source, follows by arithmetic, or is a judgement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    statistics: tuple[str, ...] = Field(min_length=2)
    kind: Literal[
        "definition", "population", "year", "rounding", "base", "price_year", "revision",
        "misprint", "unknown",
    ]
    text: Text
    how: Literal["read", "derived", "assumption"]
    place: str | None = None


def load_reasons(library: Library) -> tuple[Reason, ...]:
    """The reasons of the library; none if it has no such file.

    Raises
    ------
    InputError
        lists every fault of the file: unknown keys, unknown statistics.
    """
    path = library.root / FILE
    if not path.is_file():
        return ()
    data = read_yaml(path, FILE).get("conflicts") or {}
    faults = FaultCollector()
    reasons = []
    for key, record in data.items():
        try:
            reason = Reason.model_validate({"id": key, **record})
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(path, FILE, ("conflicts", key), problem)))
            continue
        for name in reason.statistics:
            if name not in library.statistics:
                where = f"{FILE}:{line_of(path, ('conflicts', key))}: {key}.statistics"
                step = suggest(name, library.statistics)
                faults.add(where, f"'{name}' is no statistic of the library", next_step=step)
        reasons.append(reason)
    faults.raise_if_any()
    return tuple(reasons)
