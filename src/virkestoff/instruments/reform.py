"""A changed or a new scheme as a difference from the rules in force, and what it changes.

A patch names schemes and the keys that change; what it does not name stays. The changed rules are
checked as files are. Nothing is assumed of behaviour: not who applies, not who is awarded. What an
amount costs is therefore bounds, from nobody applies to everybody who may, once, with the most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import read_yaml
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.instruments.engine import Engine, SchemeResult, Status, engine_for
from virkestoff.instruments.intervals import Value
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.language import Text

__all__ = ["Change", "ProfileChange", "Reform", "ReformedScheme", "profile_changes", "read_reform"]

SOURCE = "reform"
_KEYS = ("reform", "name", "date", "sources", "as_existing", "change", "new", "end")
_LEAVES, _ABSENT = "leaves", "absent"


@dataclass(frozen=True)
class Change:
    """One key of a scheme before and after; ``None`` is absent."""

    scheme: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, eq=False)
class Reform:
    """Rules before and after.

    Attributes
    ----------
    before, after : all schemes
    as_existing : proposed schemes that exist after the reform
    changes : every key that differs
    new : ids of schemes that were not there
    """

    id: str
    name: Text
    before: Schemes
    after: Schemes
    as_existing: frozenset[str]
    changes: tuple[Change, ...]
    new: tuple[str, ...]
    on: date | None = None

    @property
    def touched(self) -> tuple[str, ...]:
        """The schemes that it changes, adds or lets exist."""
        return tuple(dict.fromkeys([*(c.scheme for c in self.changes), *self.new,
                                    *sorted(self.as_existing)]))  # fmt: skip

    def engines(self, on: date) -> tuple[Engine, Engine]:
        """The engines of the rules before and after, on a date."""
        return engine_for(self.before, on), engine_for(self.after, on, self.as_existing)


def read_reform(path: Path, schemes: Schemes) -> Reform:
    """Read a patch and apply it.

    The keys are ``reform`` (id), ``name``, ``date``, ``as_existing`` (ids), ``end`` (id -> day),
    ``sources``, ``change`` (scheme -> keys; mappings are joined, lists are replaced, ``null`` takes
    a key away; ``leaves`` changes single conditions by their id) and ``new`` (whole schemes). A
    number that the reform itself sets names the source ``reform``.

    Raises
    ------
    InputError
        lists every fault: unknown keys and schemes, and all that a file of a scheme may have.
    """
    data = read_yaml(path)
    faults = FaultCollector()

    def place(*keys: str) -> str:
        line = line_of(path, keys)
        at = f"{path.name}:{line}" if line else path.name
        return f"{at}: {'.'.join(keys)}"

    for key in (k for k in data if k not in _KEYS):
        faults.add(place(str(key)), "is not a known key of a reform",
                   next_step=suggest(str(key), _KEYS) or f"The keys are {', '.join(_KEYS)}")
    changed = _mapping(data, "change", place, faults)
    as_existing = _ids(data, "as_existing", place, faults)
    ended = _mapping(data, "end", place, faults)
    for key in (k for k, day in ended.items() if not isinstance(day, date)):
        faults.add(place("end", str(key)), "is no date", next_step="Write the last day")
    listed = data.get("new") or []
    if not isinstance(listed, list) or not all(isinstance(n, Mapping) for n in listed):
        faults.add(place("new"), "is not a list of schemes")
        listed = []
    added = [dict(n) for n in listed]
    for number, scheme in enumerate(added):
        if scheme.get("scheme") in schemes.schemes:
            faults.add(place("new"), f"number {number + 1}, '{scheme['scheme']}', is a scheme "
                       "already", next_step="Write what changes under change:")  # fmt: skip
    known = {*schemes.schemes, *(str(n.get("scheme")) for n in added)}
    for part, names in (("change", changed), ("as_existing", as_existing), ("end", ended)):
        for name in names:
            if str(name) not in known or (part != "as_existing" and name not in schemes.schemes):
                faults.add(place(part), f"'{name}' is not a scheme",
                           next_step=suggest(str(name), known))  # fmt: skip
    if not isinstance(data.get("date", date.min), date):
        faults.add(place("date"), "is no date", next_step="Write it as 2026-11-24")
    faults.raise_if_any()
    own = {SOURCE, *_mapping(data, "sources", place, faults)}
    records = [
        _patched(schemes[str(key)], given, lambda *k, s=str(key): place("change", s, *k), faults)
        for key, given in changed.items()
    ] + added + [_ended(schemes[k], day) for k, day in ended.items()]  # fmt: skip
    faults.raise_if_any()
    base = replace(schemes, sources=schemes.sources | own)
    after = base.with_(*records) if records else base
    title = data.get("name") or {"nb": path.stem, "en": path.stem}
    return Reform(
        str(data.get("reform", path.stem)), Text.model_validate(title), schemes, after,
        frozenset(as_existing), tuple(_differences(schemes, after)),
        tuple(str(n["scheme"]) for n in added), data.get("date"),
    )  # fmt: skip


def _mapping(data: Any, key: str, place: Any, faults: FaultCollector) -> Mapping[str, Any]:
    given = data.get(key) or {}
    if not isinstance(given, Mapping):
        faults.add(place(key), "does not hold keys")
        return {}
    return given


def _ids(data: Any, key: str, place: Any, faults: FaultCollector) -> list[str]:
    given = data.get(key) or []
    if not isinstance(given, list) or not all(isinstance(i, str) for i in given):
        faults.add(place(key), "is not a list of ids of schemes")
        return []
    return given


def _record(scheme: Scheme) -> dict[str, Any]:
    """A scheme as its file writes it."""
    return scheme.model_dump(by_alias=True, exclude_unset=True)


def _ended(scheme: Scheme, day: date) -> dict[str, Any]:
    record = _record(scheme)
    return {**record, "status": "ended", "period": {**(record.get("period") or {}), "to": day}}


def _patched(scheme: Scheme, given: Any, place: Any, faults: FaultCollector) -> dict[str, Any]:
    record = _record(scheme)
    if not isinstance(given, Mapping):
        faults.add(place(), "does not hold keys of a scheme")
        return record
    known = {f.alias or name for name, f in Scheme.model_fields.items()} | {_LEAVES}
    for key in given:
        if key not in known:
            faults.add(place(str(key)), "is not a key of a scheme",
                       next_step=suggest(str(key), known))  # fmt: skip
    patch = {k: v for k, v in given.items() if k != _LEAVES}
    joined = _joined(record, patch)
    leaves = dict(given.get(_LEAVES) or {})
    if leaves:
        joined["conditions"] = _with_leaves(joined.get("conditions") or {}, leaves)
        for name in leaves:
            faults.add(place(_LEAVES, name), "is not a condition of the scheme",
                       next_step=suggest(name, [leaf.id for _, leaf in scheme.leaves]))  # fmt: skip
    return joined


def _joined(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings joined key by key; everything else replaced; ``None`` takes a key away."""
    found = dict(old)
    for key, value in new.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
            found[key] = _joined(found[key], value)
        else:
            found[key] = value
    return found


def _with_leaves(tree: Any, leaves: dict[str, Any]) -> Any:
    """The tree with conditions changed by their id; those that were found leave ``leaves``."""
    if isinstance(tree, Mapping):
        if isinstance(tree.get("id"), str):
            if tree["id"] not in leaves:
                return dict(tree)
            change = leaves.pop(tree["id"])
            return None if change is None else _joined(tree, change)
        kept = {key: _with_leaves(part, leaves) for key, part in tree.items()}
        return {key: part for key, part in kept.items() if part not in (None, [])} or None
    if isinstance(tree, list | tuple):
        return [p for p in (_with_leaves(part, leaves) for part in tree) if p is not None]
    return tree


def _differences(before: Schemes, after: Schemes) -> list[Change]:
    found: list[Change] = []
    for key, scheme in after.schemes.items():
        if key in before.schemes and scheme is not before.schemes[key]:
            old, new = _record(before.schemes[key]), _record(scheme)
            found += [Change(key, *row) for row in _keys_that_differ(old, new, "")]
    return found


def _keys_that_differ(old: Any, new: Any, at: str) -> list[tuple[str, Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        found = []
        for key in dict.fromkeys([*old, *new]):
            inner = f"{at}.{key}" if at else str(key)
            found += _keys_that_differ(old.get(key), new.get(key), inner)
        return found
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        if len(old) == len(new):
            found = []
            for number, (a, b) in enumerate(zip(old, new, strict=True)):
                name = a.get("id", number) if isinstance(a, Mapping) else number
                found += _keys_that_differ(a, b, f"{at}.{name}")
            return found
        return [(at, old, new)]
    return [] if old == new else [(at, old, new)]


@dataclass(frozen=True)
class ReformedScheme:
    """What a scheme says to a profile on one side of the reform; amounts in the scheme's unit."""

    status: Status | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ProfileChange:
    """What a reform does to a profile at one scheme.

    Attributes
    ----------
    before, after : status and amounts
    reasons : texts of the conditions whose result differs, or that stand on one side alone
    change_low, change_high : bounds of the change of the amount for a profile that is eligible on
        both sides; ``None`` has no bound
    """

    profile: str
    scheme: str
    before: ReformedScheme
    after: ReformedScheme
    reasons: tuple[Text, ...]
    change_low: float | None = None
    change_high: float | None = None

    @property
    def gains(self) -> bool:
        """Whether it was not eligible and is."""
        return self.after.status == "eligible" and self.before.status != "eligible"

    @property
    def loses(self) -> bool:
        """Whether it was eligible and is not."""
        return self.before.status == "eligible" and self.after.status != "eligible"


def profile_changes(
    reform: Reform, profiles: Mapping[str, Mapping[str, Value]], on: date
) -> tuple[ProfileChange, ...]:
    """Every scheme whose answer to a profile changes: in status, or in amount.

    Parameters
    ----------
    profiles : name -> facts, as ``check_facts`` gives them
    """
    old_engine, new_engine = reform.engines(on)
    found = []
    for name, facts in profiles.items():
        old, new = old_engine.check(facts).results, new_engine.check(facts).results
        for key in reform.touched:
            change = _compared(name, key, old.get(key), new.get(key))
            if change is not None:
                found.append(change)
    return tuple(found)


def _side(result: SchemeResult | None) -> ReformedScheme:
    if result is None:
        return ReformedScheme(None)
    amount = result.amount
    bounds = (None, None) if amount is None else (amount.low, amount.high)
    return ReformedScheme(result.status, *bounds)


def _compared(
    profile: str, key: str, old: SchemeResult | None, new: SchemeResult | None
) -> ProfileChange | None:
    before, after = _side(old), _side(new)
    if before == after:
        return None
    truths = [{leaf.id: leaf.truth for leaf in side.leaves} if side else {} for side in (old, new)]
    texts = {leaf.id: leaf.text for side in (old, new) if side for leaf in side.leaves}
    turned = [
        text for key_, text in texts.items()
        if truths[0].get(key_, _ABSENT) != truths[1].get(key_, _ABSENT)
    ] if old and new else []  # fmt: skip
    reasons: Sequence[Text] = turned or (old.reasons if old else ()) or (new.reasons if new else ())
    low = high = None
    if before.status == after.status == "eligible":
        low = None if after.low is None or before.high is None else after.low - before.high
        high = None if after.high is None or before.low is None else after.high - before.low
    return ProfileChange(profile, key, before, after, tuple(reasons), low, high)
