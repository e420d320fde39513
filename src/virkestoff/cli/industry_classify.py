"""``virkestoff industry classify``: verdicts, their evidence, the queue, and decisions."""

from __future__ import annotations

from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from virkestoff.cli.industry_organisations import word
from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence.library import content_root, use_library
from virkestoff.language import Lang, format_number

if TYPE_CHECKING:
    from virkestoff.industry.classified_register import ClassifiedRegister
    from virkestoff.industry.labelled import Measure

__all__ = ["add_to"]

_NB = {
    "in": "inne", "out": "ute", "undecided": "uavklart", "units": "enheter", "branch": "bransje",
    "number": "antall", "company": "foretak", "score": "poeng", "staff": "ansatte",
    "turnover": "omsetning (kr)", "by": "av", "rule": "regel", "decision": "beslutning",
    "field": "felt", "weight": "vekt", "counted": "teller", "reason": "grunn", "yes": "ja",
    "no": "nei", "name": "navn", "text": "tekst", "code": "kode", "form": "form",
    "criteria": "kriterier", "queue": "Kø: de uavklarte, størst først",
    "no branch": "uten bransje", "in vitro": "herav in vitro-diagnostikk",
    "conflict": "Uenighet", "history": "Beslutninger", "recorded": "Ført",
    "undone": "Trukket tilbake", "written": "Skrevet", "decide": "beslutning", "undo": "angret",
    "without sign": "ingen tegn: ute", "question": "spørsmål",
    "found": "funnet", "true": "finnes", "precision": "presisjon", "recall": "dekning",
    "held_out": "ikke brukt til utforming", "development": "brukt til utforming", "all": "alle",
    "hard": "vanskelige", "no_standard": "Næringskode uten kjent standard, teller ikke",
    "absent": "Besluttet, men ikke i registeret", "by_person": "besluttet av person",
}  # fmt: skip
_EN = {
    "no_standard": "Industry code without a known standard, counts for nothing",
    "absent": "Decided, but not in the register", "by_person": "decided by a person",
    "queue": "Queue: the undecided, largest first", "conflict": "Conflict",
    "history": "Decisions", "recorded": "Recorded", "undone": "Taken back", "written": "Written",
    "without sign": "no sign: out", "in vitro": "of which in vitro diagnostics",
    "held_out": "not used for the rules", "development": "used for the rules",
}  # fmt: skip
_CAVEAT = {
    "nb": "Merkede tekster er korte og skrevet etter kildene; virkelige registertekster er lengre, "
    "mer upresise og handler oftest om noe annet. Tallene sier hvordan reglene skiller slike "
    "tekster, ikke hvor godt hele registeret deles.",
    "en": "Labelled texts are short and written after the sources; real register texts are longer, "
    "vaguer and mostly about something else. The figures say how the rules tell such texts "
    "apart, not how well the whole register is divided.",
}


def _w(key: str, lang: Lang) -> str:
    known = (_NB if lang == "nb" else _EN).get(key)
    return known or word(key, lang)


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff industry``."""
    app.command()(classify)


def classify(
    data: Annotated[Path | None, typer.Option(help="Folder of imported data.")] = None,
    snapshot: Annotated[
        str, typer.Option(help="Date of the register, or a Parquet file (default: newest).")
    ] = "",
    queue: Annotated[int, typer.Option(min=0, help="Show so many of the undecided.")] = 0,
    explain: Annotated[str, typer.Option(metavar="ORGNR", help="Why one company is in.")] = "",
    decide: Annotated[str, typer.Option(metavar="ORGNR", help="Record a decision.")] = "",
    undo: Annotated[str, typer.Option(metavar="ORGNR", help="Take the decision back.")] = "",
    verdict: Annotated[str, typer.Option(help="With --decide: in or out.")] = "",
    branch: Annotated[str, typer.Option(help="With --decide: the branch, if in.")] = "",
    share: Annotated[str, typer.Option(help="With --decide: health share, 0 to 1.")] = "",
    reason: Annotated[str, typer.Option(help="With --decide and --undo: why.")] = "",
    who: Annotated[str, typer.Option(help="With --decide and --undo: role or initials.")] = "",
    on: Annotated[
        str,
        typer.Option(
            help="Date of a decision (default: today), or of a workbook when --snapshot is a file."
        ),
    ] = "",
    export: Annotated[
        Path | None, typer.Option(help="Write the verdicts: .csv, .xlsx or .parquet.")
    ] = None,
    quality: Annotated[bool, typer.Option("--quality", help="Precision and recall.")] = False,
    lang: Annotated[Lang, typer.Option(help="nb or en.")] = "nb",
) -> None:
    """Classify the register: which companies are health industry, in which branch, and why."""
    from virkestoff.industry.holdings import data_folder

    use_library(state.library)
    if quality:
        _show_quality(lang)
        return
    folder = data_folder(data)
    details = {"verdict": verdict, "branch": branch, "health_share": share}
    if decide or undo:
        _record(folder, decide, undo, details, {"reason": reason, "who": who, "date": on}, lang)
        return
    given = [f"--{k.replace('health_', '')}" for k, v in details.items() if v]
    if given:
        raise InputError(Fault(", ".join(given), "is for a decision",
                               next_step="Name the company with --decide ORGNR"))  # fmt: skip
    from virkestoff.industry.classified_register import classify_register

    found = classify_register(folder, snapshot)
    if explain:
        _explain(found, explain, lang)
    else:
        _summary(found, lang)
    if queue:
        _queue(found, queue, lang)
    if export:
        n = _export(found, export, on, lang)
        console.print(f"{_w('written', lang)}: {escape(str(export))} ({n})")


def _export(found: ClassifiedRegister, path: Path, on: str, lang: Lang) -> int:
    """Write the verdicts; a workbook states the date of the register."""
    from virkestoff.industry.classified_register import export_table, export_verdicts
    from virkestoff.reports import Sheet, write_xlsx

    if path.suffix.lower() != ".xlsx":
        return export_verdicts(found.classified, path)
    try:
        as_of = found.as_of or Date.fromisoformat(on)
    except ValueError:
        raise InputError(Fault("--on", f"'{on}' is no date, and the file of units states none",
                               next_step="Write --on 2026-11-01")) from None  # fmt: skip
    table = export_table(found.classified)
    write_xlsx(path, [Sheet("verdicts", tuple(table.columns), tuple(table.rows()))], as_of, lang)
    return table.height


def _record(
    folder: Path,
    decided: str,
    undone: str,
    details: dict[str, str],
    act: dict[str, str],
    lang: Lang,
) -> None:
    from virkestoff.industry import decisions

    faults = FaultCollector()
    if decided and undone:
        faults.add("--decide, --undo", "stand together", next_step="Do one at a time")
    given = [f"--{k.replace('health_', '')}" for k, v in details.items() if v]
    if undone and given:
        faults.add(", ".join(given), "is for --decide, not for --undo")
    faults.raise_if_any()
    path = decisions.decisions_file(folder)
    day = act["date"] or Date.today().isoformat()
    row: dict[str, object] = {"reason": act["reason"], "who": act["who"], "date": day}
    if decided:
        done = decisions.decide(path, {"orgnr": decided, **details, **row})
        branch = f", {_w(done.branch, lang)}" if done.branch else ""
        said = f"{_w('recorded', lang)}: {done.orgnr} {_w(done.verdict or '', lang)}{branch}"
    else:
        done = decisions.undo(path, {"orgnr": undone, **row})
        said = f"{_w('undone', lang)}: {done.orgnr}"
    console.print(escape(said))
    _conflicts(decisions.read_decisions(path), lang)


def _conflicts(decisions: Any, lang: Lang) -> None:
    for c in decisions.conflicts():
        pieces = [
            f"{d.who} {d.date}: {_w(d.verdict or '', lang)} {_w(d.branch or '', lang)}".strip()
            for d in (c.earlier, c.later)
        ]
        console.print(
            f"[bold]{_w('conflict', lang)}[/] {c.orgnr}: {escape(' / '.join(pieces))}",
            soft_wrap=True,
        )


def _grid(heads: list[str], rows: list[list[str]]) -> None:
    shown = Table(box=None, pad_edge=False)
    for index, head in enumerate(heads):
        shown.add_column(escape(head), overflow="fold", no_wrap=index == 0)
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    console.print(shown)


def _summary(found: ClassifiedRegister, lang: Lang) -> None:
    import polars as pl

    outcome = found.classified
    when = f" {found.as_of}" if found.as_of else ""
    console.print(f"{format_number(outcome.n_units, lang, 9)} {_w('units', lang)}{when}")
    counts = outcome.counts()
    rows = []
    is_in = outcome.verdicts.filter(pl.col("verdict") == "in")
    for key, n in counts.items():
        rows.append([_w(key, lang), format_number(n, lang, 9)])
        if key == "in":
            for branch in ("pharmaceuticals", "medical_devices", "digital_health", None):
                kept = is_in.filter(pl.col("branch").eq_missing(branch))
                name = _w(branch or "no branch", lang)
                rows.append([f"  {name}", format_number(kept.height, lang, 9)])
                if branch == "medical_devices":
                    n_in_vitro = int(kept["is_in_vitro"].sum())
                    rows.append([f"    {_w('in vitro', lang)}", str(n_in_vitro)])
        if key == "out":
            n_signless = format_number(outcome.n_without_sign, lang, 9)
            rows.append([f"  {_w('without sign', lang)}", n_signless])
    n_decided = outcome.verdicts.filter(pl.col("basis") == "decision").height
    rows.append([_w("by_person", lang), str(n_decided)])
    _grid(["", _w("number", lang)], rows)
    if outcome.n_without_standard:
        n_bare = format_number(outcome.n_without_standard, lang, 9)
        console.print(f"{_w('no_standard', lang)}: {n_bare}")
    if outcome.absent:
        console.print(f"{_w('absent', lang)}: {', '.join(outcome.absent)}", soft_wrap=True)
    _conflicts(found.decisions, lang)


def _queue(found: ClassifiedRegister, n: int, lang: Lang) -> None:
    console.print(f"\n[bold]{_w('queue', lang)}[/]")
    rows = []
    for unit in found.classified.queue(n).iter_rows(named=True):
        sizes = [unit["turnover"], unit["n_employees"]]
        rows.append([
            unit["orgnr"], unit["name"] or "", _w(unit["branch"] or "no branch", lang),
            str(unit["score"]),
            *("–" if s is None else format_number(float(s), lang, 4) for s in sizes),
        ])  # fmt: skip
    heads = ["orgnr", *(_w(k, lang) for k in ("name", "branch", "score", "turnover", "staff"))]
    _grid(heads, rows)


def _explain(found: ClassifiedRegister, orgnr: str, lang: Lang) -> None:
    from virkestoff.industry.orgnr import is_valid, normalise

    number = normalise(orgnr)
    if number is None or not is_valid(number):
        raise InputError(Fault(f"--explain {orgnr}", "is no organisation number",
                               "nine digits, of which the last checks the others"))  # fmt: skip
    unit = found.classified.verdict_of(number)
    branch = f", {_w(unit['branch'], lang)}" if unit["branch"] else ""
    console.print(f"[bold]{escape(unit['name'] or number)}[/]  {number}")
    console.print(
        f"  {_w(unit['verdict'], lang)}{branch} ({_w('by', lang)} {_w(unit['basis'], lang)}); "
        f"{_w('rule', lang)}: {_w(unit['rule_verdict'], lang)}, {_w('score', lang)} "
        f"{unit['score']}, {_w('criteria', lang)} {unit['n_criteria']}",
        soft_wrap=True,
    )
    rules = found.classified.rules
    rows = [
        [
            str(e["weight"]), _w("yes" if e["is_counted"] else "no", lang), _w(e["field"], lang),
            rules.reason(e["rule"], lang), _w(e["branch"], lang) if e["branch"] else "",
        ]
        for e in found.classified.evidence_of(number).iter_rows(named=True)
    ]  # fmt: skip
    heads = [_w(k, lang) for k in ("weight", "counted", "field", "reason", "branch")]
    _grid(heads, rows)
    history = found.decisions.history(number)
    if history:
        console.print(f"[bold]{_w('history', lang)}[/]")
    for d in history:
        what = f"{_w(d.verdict, lang)} {_w(d.branch or '', lang)}" if d.verdict else ""
        line = f"  {d.date} {d.who} {_w(d.act, lang)} {what}: {d.reason}"
        console.print(escape(" ".join(line.split())), soft_wrap=True)


def _interval(share: tuple[float, float, float] | None, lang: Lang) -> str:
    """Per cent with its interval; without one where the resamples all agree."""
    if share is None:
        return "–"
    p, low, high = (format_number(100 * x, lang, decimals=0) for x in share)
    return f"{p} %" if low == high else f"{p} % [{low}–{high}]"


def _measure_row(name: str, m: Measure, lang: Lang) -> list[str]:
    return [
        name, str(m.n_true), str(m.n_found),
        _interval(m.precision, lang), _interval(m.recall, lang), _interval(m.f1, lang),
    ]  # fmt: skip


def _show_quality(lang: Lang) -> None:
    from virkestoff.industry.classification import default_rules
    from virkestoff.industry.labelled import load_labelled, measured_quality
    from virkestoff.industry.organisations import load_organisations, sources_alone

    library = sources_alone(state.library or content_root() / "library")
    labelled = load_labelled(library, load_organisations(library))
    heads = [_w(k, lang) for k in ("question", "true", "found")]
    heads += [_w("precision", lang), _w("recall", lang), "F1"]
    for half in ("held_out", "development"):
        q = measured_quality(labelled, default_rules(), half)
        console.print(f"[bold]{_w(half, lang)}[/]: {q.n}, {_w('undecided', lang)} {q.n_undecided}")
        rows = [_measure_row(_w(key, lang), m, lang) for key, m in q.measures.items()]
        rows.append(_measure_row(_w("hard", lang), q.hard, lang))
        _grid(heads, rows)
    console.print(_CAVEAT[lang], soft_wrap=True)
