"""Where a number comes from: from an outcome to its alternative, facts, method and seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import Fact, Library, Statistic
from virkestoff.language import Lang, format_number, format_range, place_in
from virkestoff.quantities import currency_of
from virkestoff.studies.assemble import unit_of
from virkestoff.studies.decision_block import Decision
from virkestoff.studies.definition import Definition, Probe
from virkestoff.studies.results import outcome_of

__all__ = ["check_same_origin", "cite_outcome", "cite_record", "describe"]

_LABELS: dict[str, tuple[str, str]] = {
    "name": ("navn", "name"),
    "value": ("verdi", "value"),
    "unit": ("enhet", "unit"),
    "price_year": ("prisnivå", "price year"),
    "confidence": ("sikkerhet", "confidence"),
    "source": ("kilde", "source"),
    "place": ("sted i kilden", "place in source"),
    "valid": ("gjelder", "holds"),
    "reason": ("begrunnelse", "reason"),
    "note": ("merknad", "note"),
    "file": ("fil", "file"),
    "distribution": ("fordeling", "distribution"),
    "qualifier": ("forbehold", "qualifier"),
}
_CONFIDENCE: dict[str, tuple[str, str]] = {
    "read": ("lest i kilden", "read in the source"),
    "unverified": ("ikke etterprøvd (husket)", "unverified (recalled)"),
    "assumption": ("antakelse", "assumption"),
}
# the method pages are English; the sections for the engine's own outcomes are named here
_ENGINE_PAGE = "docs/subjects/costbenefit.md"
_ENGINE_SECTIONS = {
    "account_net_present_cost": "societys-account",
    "account_public_net_cost": "societys-account",
    "account_tax_financing_cost": "societys-account",
    "account_break_even_yearly_benefit": "what-would-change-the-answer",
}


def _word(table: Mapping[str, tuple[str, str]], key: str, lang: Lang) -> str:
    return table[key][0 if lang == "nb" else 1]


def describe(library: Library, record_id: str, lang: Lang) -> list[tuple[str, str]]:
    """Label and text of everything that is known of a fact, statistic or source.

    Raises
    ------
    MissingFact
        if no record has the id.
    """
    if record_id in library.sources:
        source = library.sources[record_id]
        shown = source.model_dump(exclude_none=True)
        return [(key, str(value)) for key, value in shown.items()]
    record = _record(library, record_id)
    lines = [
        (_word(_LABELS, "name", lang), record.name.in_(lang)),
        (_word(_LABELS, "value", lang), _value(record, lang)),
        (_word(_LABELS, "unit", lang), record.unit),
    ]
    if record.price_year:
        lines.append((_word(_LABELS, "price_year", lang), str(record.price_year)))
    if isinstance(record, Fact) and record.value is not None:
        lines.append((_word(_LABELS, "distribution", lang), record.shape))
    if isinstance(record, Statistic):
        lines.append((_word(_LABELS, "qualifier", lang), f"{record.qualifier}, {record.kind}"))
    how = f"{_word(_CONFIDENCE, record.confidence, lang)}; how: {record.how}; {record.grade}"
    lines.append((_word(_LABELS, "confidence", lang), how))
    lines.append((_word(_LABELS, "source", lang), _source(library, record.source)))
    lines.append((_word(_LABELS, "place", lang), place_in(record.place, lang)))
    if isinstance(record, Fact) and (record.valid.from_ or record.valid.to):
        lines.append((_word(_LABELS, "valid", lang), str(record.valid.period)))
    for label in ("reason", "note"):
        if text := getattr(record, label, None):
            lines.append((_word(_LABELS, label, lang), text))
    lines.append((_word(_LABELS, "file", lang), library.files[record_id]))
    return lines


def _record(library: Library, record_id: str) -> Fact | Statistic:
    if record_id in library.facts:
        return library.facts[record_id]
    if record_id in library.statistics:
        return library.statistics[record_id]
    known = [*library.facts, *library.statistics, *library.sources]
    raise MissingFact(
        Fault(
            f"'{record_id}'",
            "is no fact, statistic or source",
            next_step=suggest(record_id, known) or "List them with: virkestoff evidence list",
        )
    )


def _value(record: Fact | Statistic, lang: Lang) -> str:
    if isinstance(record, Fact) and record.series:
        return "; ".join(
            f"{year}: {format_number(v, lang, 6)}" for year, v in sorted(record.series.items())
        )
    value = record.value
    if value is None:
        return "–"
    numbers = value if isinstance(value, tuple) else (value,)
    return " / ".join(format_number(float(n), lang, 6) for n in numbers)


def _source(library: Library, source_id: str) -> str:
    source = library.source(source_id)
    year = f" ({source.year})" if source.year else ""
    url = f" {source.url}" if source.url else ""
    return f"{source.publisher}{year}: {source.title}{url} [{source_id}]"


def cite_record(library: Library, record_id: str, lang: Lang) -> list[str]:
    """A fact or statistic in two lines: value, and source with place."""
    if record_id in library.sources:
        return [_source(library, record_id)]
    record = _record(library, record_id)
    unit = "" if record.unit == "1" else f" {record.unit}"
    year = f" ({record.price_year})" if record.price_year else ""
    return [
        f"{record.name.in_(lang)}: {_value(record, lang)}{unit}{year}"
        f" – {_word(_CONFIDENCE, record.confidence, lang)}",
        f"{_source(library, record.source)}, {place_in(record.place, lang)}",
    ]


def cite_outcome(
    definition: Definition,
    library: Library,
    results: Mapping[str, Any],
    name: str,
    lang: Lang,
    title: str = "",
) -> list[str]:
    """An outcome: its numbers, alternative, method section, seed, and every fact that was read.

    ``title`` is what readers call the outcome; default its name in study.yaml, or its id.
    """
    alternative, outcome, summary = outcome_of(results, name)
    declared = definition.outcomes.get(outcome)
    title = title or (declared.name.in_(lang) if declared else outcome)
    method = declared.method if declared else _engine_method(outcome)
    run = definition.named_run(alternative)
    base = definition.alternatives[run.alternative].levers if isinstance(run, Probe) else {}
    levers = definition.choices_of({**base, **run.levers})
    spread = format_range(summary["p10"], summary["p90"], lang)
    unit = unit_of(definition, outcome)
    if currency_of(unit):
        unit = f"{unit} ({definition.price_year})"
    facts = results["facts"][alternative]
    is_norwegian = lang == "nb"
    lines = [
        f"{title}: {format_number(summary['p50'], lang)} {unit} "
        f"(median; p10–p90: {spread}; {'gjennomsnitt' if is_norwegian else 'mean'}: "
        f"{format_number(summary['mean'], lang)})",
        f"{'alternativ' if is_norwegian else 'alternative'}: "
        f"{run.name.in_(lang)} [{alternative}] "
        + ", ".join(f"{k}={v if isinstance(v, str) else f'{v:g}'}" for k, v in levers.items()),
        f"{'metode' if is_norwegian else 'method'}: {method}",
        f"{'frø' if is_norwegian else 'seed'}: {results['seed']}, "
        f"{results['draws']} {'trekk' if is_norwegian else 'draws'}, "
        f"as_of {results['as_of']}, {'bibliotek' if is_norwegian else 'library'} "
        f"{results['library'][:12]}",
        f"{len(facts)} {'fakta er lest' if is_norwegian else 'facts were read'}:",
    ]
    for fact_id in facts:
        record = library.fact(fact_id)
        year = f" ({record.price_year})" if record.price_year else ""
        lines.append(
            f"  {fact_id}: {_value(record, lang)} {record.unit}{year} "
            f"[{record.confidence}; {record.source}, {place_in(record.place, lang)}]"
        )
    return lines


def _engine_method(outcome: str) -> str:
    """The section on an outcome of the engine; all that names an actor is about who pays."""
    return f"{_ENGINE_PAGE}#{_ENGINE_SECTIONS.get(outcome, 'who-gains-who-pays')}"


def check_same_origin(
    definition: Definition, library: Library, results: Mapping[str, Any], folder: str
) -> None:
    """Refuse to print results beside a library or study that they were not made with."""
    faults = []
    if results["study"] != definition.study:
        faults.append(Fault(folder, f"holds results of study '{results['study']}'"))
    if results["library"] != library.digest:
        faults.append(
            Fault(
                folder,
                "holds results that were made with another library",
                why="the report would cite facts that the figures do not rest on",
                next_step="Run the study again",
            )
        )
    elif changed := _changed(definition, results):
        faults.append(
            Fault(
                folder,
                f"holds results of an earlier study.yaml: {', '.join(changed)} differ",
                next_step="Run the study again",
            )
        )
    if faults:
        raise InputError(faults)


def _changed(definition: Definition, results: Mapping[str, Any]) -> list[str]:
    """What of the definition the results do not fit; words may change without a new run."""
    stated: dict[str, tuple[Any, Any]] = {
        "as_of": (definition.as_of.isoformat(), results["as_of"]),
        "price_year": (definition.price_year, results["price_year"]),
        "years": (list(definition.years), results["years"]),
        "baseline": (definition.baseline, results["baseline"]),
        "alternatives": (set(definition.alternatives), set(results["alternatives"])),
        "probes": (set(definition.probes), set(results["probes"])),
        "sweeps": (set(definition.sweeps), set(results["sweeps"])),
        "combinations": _combined(definition, results),
        "rankings": (
            set(definition.rankings),
            {(r["run"], r["outcome"]) for r in results["rankings"]},
        ),
    }
    held = results.get("decision")
    decision = definition.decision
    stated["decision"] = (
        decision and (decision.outcome, definition.candidates, _target(decision)),
        held and (held["outcome"], tuple(held["candidates"]), _stored_target(held["target"])),
    )
    return [name for name, (now, then) in stated.items() if now != then]


def _combined(definition: Definition, results: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The combinations that are declared, and those that were run."""
    declared = set(definition.combinations.names) if definition.combinations else set()
    held = results.get("combinations", {}).get("runs", {})
    return declared, set(held) - set(definition.alternatives)


def _target(decision: Decision) -> tuple[Any, ...] | None:
    target = decision.target
    if target is None:
        return None
    return target.outcome, target.level.model_dump(exclude_none=True), target.reliability


def _stored_target(held: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    return (held["outcome"], held["level"], held["reliability"]) if held else None
