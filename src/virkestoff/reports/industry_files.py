"""Statistics and populations as files: CSV, Parquet, workbook, Stata and SPSS.

Every file says in every row whether its figures are synthetic, and carries what it is made by:
as a sheet, as labels, as metadata of the file, or, for CSV, in a file beside it. A text that a
spreadsheet would read as a formula is written as text. Equal tables give equal bytes.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Library
from virkestoff.industry.cells import EMPTY, INCOMPLETE, MEANINGLESS, MISSING, SUPPRESSED
from virkestoff.industry.definitions import BRANCHES, load_definitions
from virkestoff.industry.measures import DIMENSIONS, MEASURES
from virkestoff.industry.population import Population
from virkestoff.industry.statistics import Statistics
from virkestoff.language import Lang, Text, place_in
from virkestoff.reports.industry_parts import IndustryParts, code_name
from virkestoff.reports.output import write_whole
from virkestoff.reports.xlsx import Sheet, write_xlsx

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FORMATS", "LabelledTable", "population_file", "statistics_file", "write_labelled"]

FORMATS = (".csv", ".parquet", ".xlsx", ".dta", ".sav")
_LEADS = ("=", "+", "-", "@", "\t", "\r")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STATA_STAMP, _STATA_LENGTH = b"<timestamp>\x11", 17
_SPSS_DATE, _SPSS_LENGTH = 92, 17  # constant: bytes of date and time in the header of a .sav file
_STATA_LABEL, _SPSS_LABEL, _SPSS_NOTE = 80, 64, 80
"""Letters and bytes that the formats hold."""
_STATA_FORMATS, _SPSS_FORMATS = ("%15.0f", "%15.4f"), ("F15.0", "F15.4")
"""Whole numbers, and shares: without them 53,600,000,000 shows as 5.4e+10 and 2019 as 2019.00."""


_MARKS = {
    SUPPRESSED: Text(nb="skjult", en="hidden"),
    INCOMPLETE: Text(nb="ufullstendig", en="incomplete"),
    MISSING: Text(nb="ukjent", en="unknown"),
    MEANINGLESS: Text(nb="uten mening", en="not meaningful"),
    EMPTY: Text(nb="ingen", en="none"),
}


@dataclass(frozen=True)
class LabelledTable:
    """A table with labels.

    Attributes
    ----------
    name : of the sheet, and of the file for Stata and SPSS
    frame : the rows
    labels : column -> label in the reader's language
    about : lines of two: what, and what it is
    values : column -> code -> what it means; of truth values it is known
    """

    name: str
    frame: pl.DataFrame
    labels: Mapping[str, str]
    about: tuple[tuple[str, str], ...]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def value_labels(self, lang: Lang, *, texts: bool) -> dict[str, dict[Any, str]]:
        """Labels of codes; those of texts only for a format that can hold them."""
        import polars as pl

        yes = {0: "nei", 1: "ja"} if lang == "nb" else {0: "no", 1: "yes"}
        found: dict[str, dict[Any, str]] = {
            name: yes for name, kind in self.frame.schema.items() if kind == pl.Boolean
        }
        if texts:
            found |= {name: dict(words) for name, words in self.values.items()}
        return found

    def formats(self, whole: str, part: str) -> dict[str, str]:
        """How numbers are shown: years and amounts whole, shares with decimals."""
        import polars as pl

        return {
            name: part if name in ("value", "low", "high") and self.is_share(name) else whole
            for name, kind in self.frame.schema.items()
            if kind.is_numeric() or kind == pl.Boolean
        }

    def is_share(self, name: str) -> bool:
        """Whether a column holds numbers that are not whole."""
        column = self.frame[name].drop_nulls()
        return bool(column.len()) and bool((column.cast(float) % 1 != 0).any())


def statistics_file(stats: Statistics, library: Library, lang: Lang) -> LabelledTable:
    """A table of statistics: a row a figure, codes and names, bounds, unknowns, mark."""
    import polars as pl

    parts = IndustryParts(library, lang)
    population = parts.say("egne regnskap", "own accounts")
    if stats.is_synthetic:
        population = parts.say("syntetisk", "synthetic")
    rows: list[dict[str, Any]] = []
    for cell in stats.cells:
        row: dict[str, Any] = {}
        for name, code in zip(stats.by, cell.place, strict=True):
            row[name] = code
            row[f"{name}_name"] = code_name(code, lang)
        row |= {
            "year": cell.year, "measure": stats.measure, "value": cell.value, "low": cell.low,
            "high": cell.high, "n_unknown": cell.n_unknown, "mark": cell.mark,
            "unit": stats.spec.unit, "population": population,
        }  # fmt: skip
        rows.append(row)
    kinds: dict[str, Any] = {
        "year": pl.Int64,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "n_unknown": pl.Int64,
        "mark": pl.String,
    }
    frame = pl.DataFrame(rows, schema_overrides=kinds)
    labels = {name: DIMENSIONS[name].in_(lang) for name in stats.by}
    labels |= {f"{name}_name": f"{labels[name]} ({parts.say('navn', 'name')})" for name in stats.by}
    labels |= {
        "year": parts.say("År", "Year"),
        "measure": parts.say("Mål", "Measure"),
        "value": stats.spec.name.in_(lang),
        "low": parts.say("Nedre grense", "Lower bound"),
        "high": parts.say("Øvre grense", "Upper bound"),
        "n_unknown": parts.say("Bedrifter med ukjent beløp", "Companies with an unknown amount"),
        "mark": parts.say("Merke: " + ", ".join(f"'{k}' {v.nb}" for k, v in _MARKS.items()),
                          "Mark: " + ", ".join(f"'{k}' {v.en}" for k, v in _MARKS.items())),
        "unit": parts.say("Enhet", "Unit"),
        "population": parts.say("Populasjon", "Population"),
    }  # fmt: skip
    values = {"mark": {code: text.in_(lang) for code, text in _MARKS.items()}}
    return LabelledTable(parts.title(stats), frame, labels, _about(stats, library, parts), values)


def _about(
    stats: Statistics, library: Library, parts: IndustryParts
) -> tuple[tuple[str, str], ...]:
    known, rules = load_definitions(), stats.rules
    lines = [
        (parts.say("Tittel", "Title"), parts.title(stats)),
        (parts.say("Populasjon", "Population"), parts.source_line(stats)),
    ]
    for name in stats.definitions:
        record = known[name]
        source = library.sources[record.source].title
        text = f"{record.text.in_(parts.lang)} ({source}, {place_in(record.place, parts.lang)})"
        lines.append((f"{parts.say('Definisjon', 'Definition')}: {name}", text))
    share = "–" if rules.p_share is None else f"{rules.p_share:g}"
    hidden = parts.say(
        f"minst {rules.minimum_frequency} bedrifter i hvert tall; p-prosent-regel {share}; "
        f"{stats.n_suppressed} tall skjult",
        f"at least {rules.minimum_frequency} companies in each figure; p-percent rule {share}; "
        f"{stats.n_suppressed} figures hidden",
    )
    lines.append((parts.say("Avsløringskontroll", "Disclosure control"), hidden))
    for year, n in sorted(stats.missing_years.items()):
        lines.append((f"{parts.say('Ukjent i', 'Unknown in')} {year}", str(n)))
    return tuple(lines)


def write_labelled(table: LabelledTable, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
    """Write the table in the format that the file's name ends in; the files that were written.

    Raises
    ------
    InputError
        if the format is unknown or the file cannot be written.
    """
    writers: dict[str, Callable[[LabelledTable, Path, date, Lang], tuple[Path, ...]]] = {
        ".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx, ".dta": _stata, ".sav": _spss,
    }  # fmt: skip
    kind = path.suffix.lower()
    if kind not in writers:
        raise InputError(
            Fault(str(path), "is of no known kind", next_step=f"End it {', '.join(FORMATS)}")
        )
    return writers[kind](table, path, as_of, lang)


def guarded(value: Any) -> Any:
    """A text that begins as a formula does, with an apostrophe before it."""
    return "'" + value if isinstance(value, str) and value.startswith(_LEADS) else value


def _csv(table: LabelledTable, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
    beside = path.with_suffix(".about.csv")
    write_whole(path, _csv_bytes(list(table.frame.columns), table.frame.rows()))
    head = ["hva", "beskrivelse"] if lang == "nb" else ["what", "description"]
    labels = [(column, table.labels.get(column, column)) for column in table.frame.columns]
    write_whole(beside, _csv_bytes(head, [*table.about, *labels]))
    return path, beside


def _csv_bytes(head: list[str], rows: Any) -> bytes:
    """UTF-8 with the mark by which a spreadsheet knows it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if v is None else guarded(v) for v in row])
    return text.getvalue().encode("utf-8-sig")


def _parquet(table: LabelledTable, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
    about = json.dumps(dict(table.about), ensure_ascii=False)
    labels = json.dumps(dict(table.labels), ensure_ascii=False)
    buffer = io.BytesIO()
    table.frame.write_parquet(buffer, metadata={"about": about, "labels": labels,
                                                "as_of": as_of.isoformat()})  # fmt: skip
    write_whole(path, buffer.getvalue())
    return (path,)


def _xlsx(table: LabelledTable, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
    columns = tuple(table.labels.get(c, c) for c in table.frame.columns)
    what = ("Hva", "Beskrivelse") if lang == "nb" else ("What", "Description")
    sheets = [
        Sheet("Tall" if lang == "nb" else "Figures", columns, tuple(table.frame.rows())),
        Sheet("Om tallene" if lang == "nb" else "About", what, table.about),
    ]
    write_xlsx(path, sheets, as_of, lang)
    return (path,)


def _flat(table: LabelledTable) -> pl.DataFrame:
    """What Stata and SPSS hold: numbers and texts; a truth value is 0 or 1, unknown is missing."""
    import polars as pl

    frame = table.frame
    return frame.with_columns(
        pl.col(name).cast(pl.Float64) if kind == pl.Boolean or kind.is_numeric()
        else pl.col(name).cast(pl.String).fill_null("")
        for name, kind in frame.schema.items()
    )  # fmt: skip


def _written(write: Callable[[str], None]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="virkestoff-table-") as folder:
        target = Path(folder) / "table"
        write(str(target))
        return target.read_bytes()


def _stata(table: LabelledTable, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
    import pyreadstat

    labels: dict[str, str | None] = {
        k: v[:_STATA_LABEL] for k, v in table.labels.items() if k in table.frame.columns
    }
    data = _written(
        lambda target: pyreadstat.write_dta(
            _flat(table), target, file_label=table.name[:_STATA_LABEL], column_labels=labels,
            variable_value_labels=table.value_labels(lang, texts=False),
            variable_format=table.formats(*_STATA_FORMATS),
        )
    )
    at = data.index(_STATA_STAMP) + len(_STATA_STAMP)
    stamp = f"{as_of.day:02d} {_MONTHS[as_of.month - 1]} {as_of.year} 00:00".encode()
    write_whole(path, data[:at] + stamp + data[at + _STATA_LENGTH :])
    return (path,)


def _note_lines(text: str) -> list[str]:
    """A note in lines that SPSS holds, broken between words; letters outside ASCII fill two bytes.

    A word is never longer than a line here; if it were, its end would be cut.
    """
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if len(longer.encode()) > _SPSS_NOTE and line:
            lines.append(line)
            longer = word
        line = longer.encode()[:_SPSS_NOTE].decode(errors="ignore")
    return [*lines, line]


def _spss(table: LabelledTable, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
    import pyreadstat

    held = table.frame.columns
    labels: dict[str, str | None] = {k: v for k, v in table.labels.items() if k in held}
    name = table.name.encode()[:_SPSS_LABEL].decode(errors="ignore")
    notes = [line for what, text in table.about for line in _note_lines(f"{what}: {text}")]
    data = _written(lambda target: pyreadstat.write_sav(
        _flat(table), target, file_label=name, column_labels=labels, note=notes,
        variable_value_labels=table.value_labels(lang, texts=True),
        variable_format=table.formats(*_SPSS_FORMATS)))  # fmt: skip
    day = f"{as_of.day:02d} {_MONTHS[as_of.month - 1]} {as_of.year % 100:02d}00:00:00".encode()
    write_whole(path, data[:_SPSS_DATE] + day + data[_SPSS_DATE + _SPSS_LENGTH :])
    return (path,)


_COLUMNS = {
    "company_id": Text(nb="Bedrift", en="Company"),
    "name": Text(nb="Navn", en="Name"),
    "year": Text(nb="År", en="Year"),
    "stated": Text(nb="Kolonner som en kilde oppgir", en="Columns that a source states"),
    "population": Text(nb="Populasjon", en="Population"),
    "depreciation_nok": Text(nb="Avskrivninger (NOK)", en="Depreciation (NOK)"),
    "is_named": Text(nb="En kilde nevner bedriften", en="A source names the company"),
    "branch": Text(nb="Bransje", en="Branch"),
    "is_foreign": Text(nb="Utenlandskeid", en="Foreign-owned"),
    "is_ownership_stated": Text(nb="En kilde oppgir eierskapet", en="A source states the owner"),
    "region": Text(nb="Region", en="Region"),
    "first_year": Text(nb="Første år med regnskap", en="First year with accounts"),
    "is_respondent": Text(nb="Svarte om aktivitet", en="Answered on activity"),
    "health_share": Text(nb="Helseandel", en="Health share"),
    "develops_in_norway": Text(nb="Utvikler i Norge", en="Develops in Norway"),
    "tests_in_norway": Text(nb="Lager prototyper og tester i Norge",
                            en="Makes prototypes and tests in Norway"),
    "tests_abroad": Text(nb="Lager prototyper og tester i utlandet",
                         en="Makes prototypes and tests abroad"),
    "produces_in_norway_for_norway": Text(nb="Produserer i Norge for Norge",
                                          en="Produces in Norway for Norway"),
    "produces_in_norway_for_export": Text(nb="Produserer i Norge for eksport",
                                          en="Produces in Norway for export"),
    "produces_abroad_for_norway": Text(nb="Produserer i utlandet for Norge",
                                       en="Produces abroad for Norway"),
    "produces_abroad_for_abroad": Text(nb="Produserer i utlandet for utlandet",
                                       en="Produces abroad for markets abroad"),
}  # fmt: skip


def population_file(population: Population, lang: Lang) -> LabelledTable:
    """The companies and their accounts, a row a company and year, marked as synthetic.

    ``stated`` names the columns of the row that a source states; all others are made.
    """
    import polars as pl

    nb = lang == "nb"
    word = "syntetisk" if nb else "synthetic"
    frame = population.joined().with_columns(
        pl.lit(word if population.is_synthetic else "").alias("population")
    )
    if nb and population.is_synthetic:
        frame = frame.with_columns(
            pl.col("name").str.replace("^Synthetic company", "Syntetisk bedrift")
        )
    labels = {column: text.in_(lang) for column, text in _COLUMNS.items()}
    for measure in MEASURES.values():
        if measure.kind == "total":
            labels[measure.fields[0]] = f"{measure.name.in_(lang)} ({measure.unit})"
    made = (
        "Syntetisk: bare kolonnene i 'stated' er oppgitt av en kilde" if nb
        else "Synthetic: only the columns in 'stated' are stated by a source"
    )  # fmt: skip
    title = "Bedrifter og regnskap" if nb else "Companies and accounts"
    if population.is_synthetic:
        title += f" ({word})"
    origin = population.origin
    if nb:
        origin = origin.replace("synthetic population, seed", "syntetisk populasjon, frø")
        origin = origin.replace("own accounts:", "egne regnskap:")
    about = [("Opphav" if nb else "Origin", origin)]
    if population.is_synthetic:
        about.insert(0, ("Hva" if nb else "What", made))
    values = {"branch": {branch: code_name(branch, lang) for branch in BRANCHES}}
    return LabelledTable(title, frame, labels, tuple(about), values)
