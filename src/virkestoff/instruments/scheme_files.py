"""Reading and checking the files of support schemes: all faults of all files at once.

A fault names the file, the line, the key and, in an expression, the column of the character.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence import Library
from virkestoff.evidence.yaml_reader import read_yaml_kept
from virkestoff.instruments import scheme as records
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_checks import check_dates, check_meaning, check_use
from virkestoff.instruments.scheme_drafts import Draft, draft_faults, merged_faults
from virkestoff.instruments.scheme_places import Places, is_readable
from virkestoff.instruments.scheme_rules import TypedScheme, bind_scheme, type_scheme
from virkestoff.instruments.vocabulary import Vocabulary, load_vocabulary
from virkestoff.language import Text
from virkestoff.quantities import check_unit
from virkestoff.timeline import Period

__all__ = ["Schemes", "load_schemes", "schema_faults"]

_AID = "instruments.aid."


@dataclass(frozen=True, eq=False)
class Schemes:
    """All schemes, in the order of their ids.

    Attributes
    ----------
    schemes : by id
    typed : with their expressions typed
    vocabulary : with the facts that every scheme adds
    aid_periods : article of aid -> periods in which a rule of it was read
    sources : ids of sources that records may name
    """

    schemes: Mapping[str, Scheme]
    typed: Mapping[str, TypedScheme]
    vocabulary: Vocabulary
    aid_periods: Mapping[str, tuple[Period, ...]]
    sources: frozenset[str]
    own_vocabulary: Vocabulary = field(repr=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self.schemes)

    def __getitem__(self, key: str) -> Scheme:
        if key not in self.schemes:
            step = suggest(key, self.schemes) or "List them with: virkestoff instruments list"
            raise MissingFact(Fault(f"scheme '{key}'", "is not in the library", next_step=step))
        return self.schemes[key]

    def unknown_share(self, key: str, on: date) -> float:
        """Terms not known on a date over all terms: conditions, parameters, what is listed.

        Readiness is one term: the phases before the market are told on one scale alone, and a
        scheme told on neither is unknown.
        """
        dated = bind_scheme(self.typed[key], on)
        scheme = self[key]
        listed = len(scheme.unknown) + (len(scheme.support.unknown) if scheme.support else 0)
        listed += sum(
            isinstance(getattr(scheme.support, name, None), records.UnknownTerm)
            for name in ("rate", "cap", "minimum", "own_share")
        )
        listed += scheme.costs is not None and scheme.costs.unknown is not None
        readiness = (scheme.phases.trl, scheme.phases.cri)
        n_unknown = sum(leaf.cause in ("term", "rule") for leaf in dated.leaves)
        n_unknown += sum(p.value is None for p in dated.parameters.values())
        n_unknown += listed + all(r is None or r.unknown is not None for r in readiness)
        n_terms = len(dated.leaves) + len(dated.parameters) + listed + 1
        return n_unknown / n_terms

    def with_(self, *changed: Scheme | Mapping[str, Any]) -> Schemes:
        """These schemes with some added or replaced, checked as files are.

        Raises
        ------
        InputError
            lists every fault of the schemes given.
        """
        faults = FaultCollector()
        found = dict(self.schemes)
        for given in changed:
            try:
                scheme = given if isinstance(given, Scheme) else Scheme.model_validate(given)
            except ValidationError as problem:
                faults.faults.extend(_schema_faults(Places(None, "scheme given"), problem))
                continue
            found[scheme.id] = scheme
        faults.raise_if_any()
        places = {key: Places(None, f"scheme {key}") for key in found}
        done = {k: t for k, t in self.typed.items() if found[k] is t.scheme}
        return _checked(
            found, places, self.own_vocabulary, self.aid_periods, self.sources, faults, done
        )


def load_schemes(library: Library, folder: Path | None = None) -> Schemes:
    """Read and check every scheme.

    Parameters
    ----------
    library : holds the sources that records name and the rules of aid
    folder : default ``instruments/schemes`` of the library

    Raises
    ------
    InputError
        lists every fault of every file: unknown keys, sources and successors; a number without a
        source; dates that overlap or have gaps; expressions that mean nothing; rules that can
        never be true or are always true.
    """
    faults = FaultCollector()
    folder = folder or library.root / "instruments" / "schemes"
    if not folder.is_dir():
        raise InputError(Fault(str(folder), "is not a folder of schemes"))
    schemes: dict[str, Scheme] = {}
    places: dict[str, Places] = {}
    drafts: dict[str, Draft] = {}
    for path in sorted(folder.glob("*.yaml")):
        scheme = _read(path, path.name, faults, drafts)
        if scheme is not None:
            schemes[scheme.id] = scheme
            places[scheme.id] = Places(path, path.name)
    vocabulary = load_vocabulary(library.root / "instruments")
    own = frozenset(key for s in schemes.values() for key in s.sources)
    own |= frozenset(str(k) for d in drafts.values() for k in d.data.get("sources") or ())
    known = frozenset(library.sources) | own
    aid_periods = _aid_periods(library)
    return _checked(schemes, places, vocabulary, aid_periods, known, faults, {}, drafts)


def _all_keys() -> frozenset[str]:
    found: set[str] = set()
    for kind in vars(records).values():
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= {f.alias or name for name, f in kind.model_fields.items()}
    return frozenset(found)


def _schema_faults(places: Places, problem: ValidationError) -> list[Fault]:
    """What pydantic finds, with line and column; tags of the trees are left out."""
    rows = []
    for error in problem.errors():
        at = tuple(p for p in error["loc"] if not (isinstance(p, str) and p.startswith("@")))
        what, step, where = error["msg"].removeprefix("Value error, "), "", places.of_value
        if error["type"] == "extra_forbidden":
            what, step = "is not a known key", suggest(str(at[-1]), _all_keys() - {str(at[-1])})
            where = places.of_key
            if at[-1] in ("from", "to"):
                step = "Write valid: {from: .., to: ..}"
        elif error["type"] == "missing":
            what = "is missing"
        rows.append((at, error["type"], Fault(where(at), what, next_step=step)))
    return merged_faults(rows)


def schema_faults(folder: Path) -> tuple[Fault, ...]:
    """What the files of schemes hold that no scheme may, as far as they can be read at all.

    For a library that does not load, since a file of it cannot be read: the faults of the other
    files are then told with that of this one.
    """
    faults = FaultCollector()
    for path in sorted(folder.glob("*.yaml")):
        if is_readable(path):
            _read(path, path.name, faults, {})
    return tuple(faults.faults)


def _read(
    path: Path, name: str, faults: FaultCollector, drafts: dict[str, Draft]
) -> Scheme | None:
    data: Mapping[str, Any] = {}
    try:
        data = read_yaml_kept(path, name)
        scheme = Scheme.model_validate(data)
    except ValidationError as problem:
        faults.faults.extend(_schema_faults(Places(path, name), problem))
        drafts[path.stem] = Draft(data, Places(path, name))
        return None
    except InputError as problem_:
        drafts[path.stem] = Draft(data, Places(path, name))
        faults.extend(problem_)
        return None
    if scheme.id != path.stem:
        faults.add(f"{name}: scheme", f"'{scheme.id}' is not the name of the file",
                   next_step=f"Write scheme: {path.stem}")  # fmt: skip
    return scheme


def _aid_periods(library: Library) -> dict[str, tuple[Period, ...]]:
    """Of each article of aid, when a rule that was read holds."""
    found: dict[str, list[Period]] = {}
    for key, fact in library.facts.items():
        if key.startswith(_AID):
            article, slot = key.removeprefix(_AID).split(".")[:2]
            periods = found.setdefault(article, [])
            if slot.split("_")[0] in ("intensity", "amount") and fact.confidence == "read":
                periods.append(fact.valid.period)
    return {article: tuple(periods) for article, periods in found.items()}


def _checked(
    schemes: Mapping[str, Scheme], places: Mapping[str, Places], vocabulary: Vocabulary,
    aid_periods: Mapping[str, tuple[Period, ...]], sources: frozenset[str],
    faults: FaultCollector, done: Mapping[str, TypedScheme],
    drafts: Mapping[str, Draft] = MappingProxyType({}),
) -> Schemes:  # fmt: skip
    names = {key: s.name for key, s in schemes.items()}
    # the name of a faulty file is known, so that no other file is blamed for it
    names |= {key: Text(nb=key, en=key) for key in drafts if key not in names}
    whole = vocabulary.with_schemes(names.items())
    for draft in drafts.values():
        draft_faults(draft, whole, faults)
    typed: dict[str, TypedScheme] = {}
    for key, scheme in schemes.items():
        if key in done:
            typed[key] = done[key]
            continue
        place, n_before = places[key], len(faults.faults)
        typed[key] = type_scheme(scheme, whole, place, faults)
        check_dates(scheme, place, faults)
        _check_names(scheme, names, aid_periods, sources, place, faults)
        _check_lists(scheme, whole, place, faults)
        if len(faults.faults) == n_before:
            check_use(typed[key], place, faults)
            check_meaning(typed[key], whole, place, faults)
    faults.raise_if_any()
    return Schemes(schemes, typed, whole, aid_periods, sources, vocabulary)


def _check_names(
    scheme: Scheme, schemes: Mapping[str, Any], articles: Mapping[str, Any],
    sources: frozenset[str], place: Places, faults: FaultCollector,
) -> None:  # fmt: skip
    for keys, source in _sources_named(scheme, ()):
        if source not in sources:
            faults.add(place(keys, 1), f"'{source}' is not a source that the library holds",
                       "a value without a source does not load",
                       suggest(source, sources) or "Add it under sources:")  # fmt: skip
    for key in ("successor", "predecessor"):
        other = getattr(scheme, key)
        if other is not None and other not in schemes:
            faults.add(place((key,), 1), f"'{other}' is not a scheme", next_step=suggest(
                other, schemes))  # fmt: skip
    for number, article in enumerate(scheme.aid.articles if scheme.aid else ()):
        if article not in articles:
            faults.add(place(("aid", "articles", number), 1), f"'{article}' is not an article of "
                       "the library", next_step=suggest(article, articles))  # fmt: skip


def _sources_named(record: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[Any, str]]:
    if isinstance(record, BaseModel):
        for name, info in type(record).model_fields.items():
            value = getattr(record, name)
            if name == "source" and isinstance(value, str):
                yield (*keys, name), value
            elif name != "sources":
                yield from _sources_named(value, (*keys, info.alias or name))
    elif isinstance(record, dict):
        for name, value in record.items():
            yield from _sources_named(value, (*keys, name))
    elif isinstance(record, tuple):
        for number, value in enumerate(record):
            yield from _sources_named(value, (*keys, number))


def _check_lists(
    scheme: Scheme, vocabulary: Vocabulary, place: Places, faults: FaultCollector
) -> None:
    """Units of parameters are units, and lists hold choices of the fact that they name."""
    for name, parameter in scheme.parameters.items():
        keys = ("parameters", name)
        if parameter.unit not in (None, "date"):
            _check_unit(str(parameter.unit), place, (*keys, "unit"), faults)
        term = vocabulary.terms.get(parameter.of or "")
        if parameter.of is None:
            continue
        if term is None or term.type not in ("choice", "text"):
            faults.add(place((*keys, "of"), 1), f"'{parameter.of}' is not a fact with choices",
                       next_step=vocabulary.suggestion(parameter.of))  # fmt: skip
            continue
        for number, record in enumerate(parameter.values):
            listed = record.value if isinstance(record.value, tuple) else ()
            for value in listed:
                if term.choices is not None and value not in term.choices:
                    at = (*keys, "values", number, "value")
                    faults.add(place(at, 1), f"'{value}' is not a choice of {term.id}",
                               next_step=suggest(value, term.choices))  # fmt: skip
    for number, fact in ((n, f) for _, leaf in scheme.leaves for n, f in enumerate(leaf.facts)):
        if fact not in vocabulary.terms:
            faults.add(place(("conditions",), 1), f"facts.{number}: unknown fact '{fact}'",
                       next_step=vocabulary.suggestion(fact))  # fmt: skip


def _check_unit(
    unit: str, place: Places, keys: tuple[str | int, ...], faults: FaultCollector
) -> None:
    try:
        check_unit(unit)
    except InputError as problem:
        faults.add(place(keys, 1), problem.faults[0].what, problem.faults[0].why)
