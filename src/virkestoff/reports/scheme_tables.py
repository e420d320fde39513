"""Everything on a scheme as tables: terms with sources, conditions in words, what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from virkestoff.instruments.aid_titles import articles_title
from virkestoff.instruments.condition_rows import ConditionRow, condition_rows
from virkestoff.instruments.engine import SchemeResult
from virkestoff.instruments.scheme import Scheme, UnknownTerm
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.instruments.wording import (
    AMOUNT_OF,
    AMOUNT_PER,
    KINDS,
    PHASES,
    SCHEME_STATUSES,
    number_words,
)
from virkestoff.language import Lang, format_date, format_number
from virkestoff.reports.blocks import Cell, Column, Table
from virkestoff.reports.guide_words import parameter_words, say

__all__ = ["scheme_list", "scheme_tables", "unknown_table"]


def _columns(lang: Lang, *titles: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(say(lang, *title)) for title in titles)


def scheme_list(schemes: Schemes, chosen: Sequence[Scheme], on: date, lang: Lang) -> Table:
    """Schemes with provider, kind, status, phases, and the share of terms that were not found."""
    columns = _columns(lang, ("Ordning", "Scheme"), ("Id", "Id"), ("Hos", "From"),
                       ("Slag", "Kind"), ("Status", "Status"), ("Faser", "Phases"),
                       ("Ukjente vilkår", "Unknown terms"),
                       ("Sist kontrollert", "Last checked"))  # fmt: skip
    rows = tuple(
        (s.name.in_(lang), s.id, s.provider.in_(lang), KINDS[s.kind].in_(lang),
         SCHEME_STATUSES[s.status].in_(lang),
         ", ".join(PHASES[p].in_(lang) for p in s.phases.named) or "–",
         number_words(round(schemes.unknown_share(s.id, on), 2), "1", lang, is_share=True)
         + say(lang, " ukjente vilkår", " unknown terms"),
         say(lang, "kontrollert ", "checked ") + format_date(s.last_checked, lang))
        for s in chosen
    )  # fmt: skip
    return Table("schemes", say(lang, "Ordninger", "Schemes"), columns, rows)


def unknown_table(schemes: Schemes, chosen: Sequence[Scheme], on: date, lang: Lang) -> Table:
    """The share of unknown terms of each scheme, the largest first."""
    columns = (
        *_columns(lang, ("Id", "Id"), ("Ordning", "Scheme")),
        Column(say(lang, "Ukjente vilkår", "Unknown terms"), align="right"),
        Column(say(lang, "Sist kontrollert", "Last checked")),
    )
    shares = {s.id: schemes.unknown_share(s.id, on) for s in chosen}
    rows = tuple(
        (s.id, s.name.in_(lang), number_words(round(shares[s.id], 2), "1", lang, is_share=True),
         s.last_checked.isoformat())
        for s in sorted(chosen, key=lambda s: (-shares[s.id], s.id))
    )  # fmt: skip
    note = say(
        lang,
        "Andel av ordningens vilkår, parametre, beløpsregler og faser som ikke ble funnet i noe "
        "dokument som er lest.",
        "Share of the scheme's conditions, parameters, amount rules and phases that were found in "
        "no document that was read.",
    )
    caption = say(lang, "Andel ukjente vilkår per ordning", "Share of unknown terms by scheme")
    return Table("unknown-share", caption, columns, rows, (note,))


def scheme_tables(result: SchemeResult, schemes: Schemes, lang: Lang) -> list[Table]:
    """The scheme in tables: facts, conditions, numbers, what is not known, sources."""
    scheme = result.scheme
    found = [_about(result, schemes, lang), _conditions(result, lang)]
    if result.compiled.dated.parameters:
        found.append(_parameters(result, lang))
    if scheme.budget or scheme.reach:
        found.append(_figures(scheme, lang))
    unknown = _unknown(result, lang)
    if unknown.rows:
        found.append(unknown)
    found.append(_references(scheme, lang))
    return [table for table in found if table.rows]


def _about(result: SchemeResult, schemes: Schemes, lang: Lang) -> Table:
    scheme, on = result.scheme, result.compiled.dated.on
    rows: list[tuple[str, str]] = [
        (say(lang, "Id", "Id"), scheme.id),
        (say(lang, "Gir", "Gives"), scheme.summary.in_(lang) if scheme.summary else "–"),
        (say(lang, "Hos", "From"), scheme.provider.in_(lang)),
        (say(lang, "Slag", "Kind"), KINDS[scheme.kind].in_(lang)),
        (say(lang, "Status", "Status"), SCHEME_STATUSES[scheme.status].in_(lang)),
        (say(lang, "Åpen", "Open"), _opening(result, lang)),
        (say(lang, "Regler kjent", "Rules known"), _span(scheme, lang)),
        (say(lang, "Faser", "Phases"),
         ", ".join(PHASES[p].in_(lang) for p in scheme.phases.named) or "–"),
        ("TRL", _levels(scheme.phases.trl, lang)), ("CRI", _levels(scheme.phases.cri, lang)),
        (say(lang, "Støtteregel", "Aid rule"), _aid(scheme, lang)),
        (say(lang, "Beløp", "Amount"), _amount(scheme, lang)),
        (say(lang, "Kostnader som teller", "Costs that count"),
         scheme.costs.text.in_(lang) if scheme.costs and scheme.costs.text else "–"),
        (say(lang, "Vurdering", "Assessment"),
         scheme.assessment.in_(lang) if scheme.assessment else "–"),
        (say(lang, "Ukjente vilkår", "Unknown terms"),
         format_number(100 * schemes.unknown_share(scheme.id, on), lang, 2) + " %"),
        (say(lang, "Sist kontrollert", "Last checked"), format_date(scheme.last_checked, lang)),
    ]  # fmt: skip
    for key, label in (("predecessor", ("Avløste", "Replaced")),
                       ("successor", ("Avløst av", "Replaced by"))):  # fmt: skip
        other = getattr(scheme, key)
        if other:
            rows.append((say(lang, *label), schemes[other].name.in_(lang)))
    columns = _columns(lang, ("", ""), ("", ""))
    return Table("about", scheme.name.in_(lang), columns, tuple(rows))


def _opening(result: SchemeResult, lang: Lang) -> str:
    opening = result.opening
    if opening.reason is not None:
        return opening.reason.in_(lang)
    if opening.is_open is None:
        return say(lang, "ukjent", "not known")
    if opening.closes:
        return say(lang, "søk innen ", "apply by ") + format_date(opening.closes, lang)
    kind = result.scheme.opening.kind
    return (say(lang, "søkes ikke om", "not applied for") if kind == "none"
            else say(lang, "løpende", "continuous"))  # fmt: skip


def _span(scheme: Scheme, lang: Lang) -> str:
    parts = []
    for word, day in ((("fra", "from"), scheme.valid.from_), (("til", "to"), scheme.valid.to)):
        if day:
            parts.append(f"{say(lang, *word)} {format_date(day, lang)}")
    return " ".join(parts) or say(lang, "uten ende som er kjent", "without an end that is known")


def _levels(levels: object, lang: Lang) -> str:
    low, high = getattr(levels, "low", None), getattr(levels, "high", None)
    if low is None or high is None:
        return say(lang, "ukjent", "not known")
    derived = getattr(levels, "how", None) == "derived"
    return f"{low}–{high}" + (say(lang, " (utledet)", " (derived)") if derived else "")


def _aid(scheme: Scheme, lang: Lang) -> str:
    if scheme.aid is None:
        return say(lang, "ikke oppgitt", "not stated")
    if not scheme.aid.is_aid:
        return say(lang, "ikke statsstøtte", "no state aid")
    listed = articles_title(scheme.aid.articles).in_(lang)
    return listed or say(lang, "artikkel ukjent", "article not known")


def _amount(scheme: Scheme, lang: Lang) -> str:
    support = scheme.support
    if support is None:
        return "–"
    parts = [AMOUNT_OF[support.of].in_(lang) if support.of else "",
             AMOUNT_PER[support.per].in_(lang) if support.per else ""]  # fmt: skip
    return " ".join(p for p in parts if p) or "–"


def _conditions(result: SchemeResult, lang: Lang) -> Table:
    columns = _columns(lang, ("Vilkår", "Condition"), ("Regel", "Rule"), ("Kilde", "Source"))
    rows = tuple(_condition(row, lang) for row in condition_rows(result))
    return Table("conditions", say(lang, "Vilkår", "Conditions"), columns, rows)


def _condition(row: ConditionRow, lang: Lang) -> tuple[Cell, ...]:
    text = "  " * row.depth + row.text.in_(lang)
    leaf = row.leaf
    if leaf is None:
        return text, "", ""
    if leaf.dated.expression:
        numbers = parameter_words(leaf.dated.parameters, lang)
        rule = leaf.dated.expression + (f"  [{'; '.join(numbers)}]" if numbers else "")
    elif leaf.cause == "judgement":
        rule = say(lang, "må vurderes av en person", "a person must judge")
    elif leaf.dated.unknown is not None:
        rule = say(lang, "ikke funnet; spør ", "not found; ask ") + leaf.dated.unknown.ask.in_(lang)
    else:
        rule = say(lang, "ikke kjent på datoen", "not known on the date")
    reference = leaf.reference
    if reference is None:
        return text, rule, "–"
    parts = [reference.source, reference.article or "", reference.place]
    return text, rule, ", ".join(p for p in parts if p)


def _parameters(result: SchemeResult, lang: Lang) -> Table:
    columns = _columns(lang, ("Tall", "Number"), ("Verdi", "Value"), ("Kilde", "Source"))
    rows = []
    for parameter in result.compiled.dated.parameters.values():
        words = parameter_words((parameter,), lang)[0]
        name, _, value = words.rpartition(" = ")
        record = parameter.record
        source = f"{record.source}, {record.place}" if record and record.source else "–"
        only = result.scheme.parameters[parameter.name].shown_only
        if only is not None:
            head = say(lang, "vises bare", "shown only")
            name = f"{name} ({head}: {only.in_(lang)})"
        rows.append((name, value, source))
    return Table("parameters", say(lang, "Tallene i reglene", "The numbers in the rules"), columns,
                 tuple(rows))  # fmt: skip


def _figures(scheme: Scheme, lang: Lang) -> Table:
    columns = _columns(lang, ("Hva", "What"), ("År", "Year"), ("Verdi", "Value"),
                       ("Kilde", "Source"))  # fmt: skip
    units = {"company": say(lang, "foretak", "companies"), "award": say(lang, "tildelinger",
             "awards"), "project": say(lang, "prosjekter", "projects")}  # fmt: skip
    rows = []
    for label, figures in ((say(lang, "Budsjett", "Budget"), scheme.budget),
                           (say(lang, "Nådd", "Reached"), scheme.reach)):  # fmt: skip
        for figure in figures:
            unit = units.get(figure.unit)
            value = (f"{format_number(figure.value, lang, 6)} {unit}" if unit
                     else number_words(figure.value, figure.unit, lang))  # fmt: skip
            rows.append((label, str(figure.year), value, f"{figure.source}, {figure.place}"))
    return Table("figures", say(lang, "Budsjett og rekkevidde", "Budget and reach"), columns,
                 tuple(rows))  # fmt: skip


def unknown_terms(result: SchemeResult) -> list[UnknownTerm]:
    """Every term of a scheme that was not found, once each."""
    scheme = result.scheme
    found: list[UnknownTerm] = [leaf.dated.unknown for leaf in result.leaves
                                if leaf.dated.unknown is not None]  # fmt: skip
    found += [p.record.unknown for p in result.compiled.dated.parameters.values()
              if p.record is not None and p.record.unknown is not None]  # fmt: skip
    found += [r.unknown for r in (scheme.phases.trl, scheme.phases.cri)
              if r is not None and r.unknown is not None]  # fmt: skip
    if scheme.costs is not None and scheme.costs.unknown is not None:
        found.append(scheme.costs.unknown)
    if scheme.support is not None:
        parts = (getattr(scheme.support, n) for n in ("rate", "cap", "minimum", "own_share"))
        found += [p for p in parts if isinstance(p, UnknownTerm)]
        found += scheme.support.unknown
    found += scheme.unknown
    seen: dict[tuple[str, str], UnknownTerm] = {}
    for term in found:
        seen.setdefault((term.what.nb, term.question.nb), term)
    return list(seen.values())


def _unknown(result: SchemeResult, lang: Lang) -> Table:
    columns = _columns(lang, ("Ikke funnet", "Not found"), ("Spør", "Ask"),
                       ("Spørsmål", "Question"))  # fmt: skip
    rows = tuple(
        (t.what.in_(lang), t.ask.in_(lang), t.question.in_(lang)) for t in unknown_terms(result)
    )
    return Table("unknown", say(lang, "Det som ikke ble funnet", "What was not found"), columns,
                 rows)  # fmt: skip


def _references(scheme: Scheme, lang: Lang) -> Table:
    columns = _columns(lang, ("Kilde", "Source"), ("Sted", "Place"), ("Hvordan", "How"))
    how = {"read": say(lang, "lest", "read"), "derived": say(lang, "utledet", "derived"),
           "computed": say(lang, "regnet ut", "computed"),
           "read_secondary": say(lang, "gjengitt av andre", "read at second hand")}  # fmt: skip
    rows = tuple(
        (r.source or say(lang, "dokumentet er ikke kjent", "document not known"),
         r.place or r.note or "–", how[r.how])
        for r in scheme.references
    )  # fmt: skip
    return Table("references", say(lang, "Kilder (virkestoff evidence show ID)",
                                   "Sources (virkestoff evidence show ID)"), columns, rows)
