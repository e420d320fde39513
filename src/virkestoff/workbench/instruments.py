"""Support schemes: the guide from a profile to a reasoned answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, LibraryPart, library_folder
from virkestoff.industry.orgnr import is_valid, normalise
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.guide import GROUPS, Answer, answer
from virkestoff.instruments.guide_rules import GuideRules, load_guide_rules
from virkestoff.instruments.profile import Profile, read_profile
from virkestoff.instruments.profile_register import facts_of_unit
from virkestoff.instruments.profile_writing import dump_profile, profile_template
from virkestoff.instruments.questions import Interview
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_files import Schemes, load_schemes, schema_faults
from virkestoff.instruments.wording import KINDS, PHASES, SCHEME_STATUSES, value_words
from virkestoff.language import LANGUAGES, Lang, Text, format_date, place_in
from virkestoff.reports.blocks import Table
from virkestoff.reports.guide_front import guide_front
from virkestoff.reports.guide_tables import GuideTables
from virkestoff.reports.numbering import cell_runs
from virkestoff.reports.output import write_whole
from virkestoff.reports.runs import Citation, CrossReference, Run, Runs
from virkestoff.reports.scheme_tables import scheme_list, scheme_tables, unknown_table
from virkestoff.workbench.library import Bench, ScreenTable

__all__ = ["GUIDE_FILES", "InstrumentsBench"]

GUIDE_FILES = tuple(
    f"answer{mark}.{kind}" for mark in ("", ".en") for kind in ("html", "pdf", "xlsx", "ics")
)
UNITS = "units"
_RULES = LibraryPart(facts=("instruments.", "evidence.exchange_rate."))


class InstrumentsBench(Bench):
    """What the workbench knows of support schemes."""

    @cached_property
    def rules(self) -> Library:
        """What rules of support rest on: all sources, and facts of aid and of exchange rates.

        It is the whole library where that is loaded already.

        Raises
        ------
        InputError
            lists every fault; one file that cannot be read hides those of no other scheme.
        """
        try:
            return self._part(_RULES)
        except InputError as problem:
            more = schema_faults(library_folder() / "instruments" / "schemes")
            raise InputError([*problem.faults, *more]) from None

    @cached_property
    def schemes(self) -> Schemes:
        """All schemes, loaded and checked."""
        return load_schemes(self.rules)

    @cached_property
    def guide_rules(self) -> GuideRules:
        """What the guide may suggest to change."""
        return load_guide_rules(self.schemes.vocabulary, self.rules.root / "instruments")

    def read_profile(self, path: Path, data: Path | None = None) -> Profile:
        """A profile from a file; an organisation number in it is looked up if it can be.

        Raises
        ------
        InputError
            lists every fault of the file.
        """
        profile = read_profile(path, self.schemes.vocabulary)
        if profile.organisation_number is None:
            return profile
        return self.profile_from_number(profile.organisation_number, data, profile)

    def profile_from_number(
        self, number: str, data: Path | None = None, profile: Profile | None = None
    ) -> Profile:
        """A profile that begins with what the imported register says of a number.

        Without an imported register, or where the number is not in it, nothing is known, and the
        profile's notes say why.

        Raises
        ------
        InputError
            if the number is none.
        """
        plain = normalise(number)
        if not is_valid(plain):
            raise InputError(Fault(f"organisation number '{number[:40]}'",
                                   "is not nine digits that end in their check digit",
                                   next_step="Look it up in the business register"))  # fmt: skip
        begun = profile or Profile({})
        row, day = self._unit(str(plain), data)
        if row is None:
            note = Text(
                nb="Organisasjonsnummeret ble ikke slått opp: registeret er ikke lest inn, eller "
                "nummeret er ikke i det.",
                en="The organisation number was not looked up: the register was not imported, or "
                "the number is not in it.",
            )
            return replace(begun, organisation_number=plain, notes=(*begun.notes, note))
        facts, notes = facts_of_unit(row, self.guide_rules, self.schemes.vocabulary)
        when = {lang: format_date(day, lang) if day else "" for lang in LANGUAGES}
        origin = Text(nb=f"Enhetsregisteret per {when['nb']}",
                      en=f"business register as of {when['en']}")  # fmt: skip
        return begun.started_from(facts, origin, notes, str(row.get("name") or ""), plain)

    def _unit(self, number: str, data: Path | None) -> tuple[dict[str, Any] | None, date | None]:
        """The row of the newest imported register, and its date."""
        from virkestoff.industry.holdings import data_folder, holdings

        folder = data_folder(data)
        held = [h for h in holdings(folder) if h.manifest.kind == UNITS] if folder.is_dir() else []
        if not held:
            return None, None
        import polars as pl

        newest = max(held, key=lambda h: (h.manifest.as_of, h.manifest.imported_at))
        frame = pl.scan_parquet(newest.table(UNITS))
        # In the column's own type, so that parts of the file that cannot hold it are not read.
        is_whole = frame.collect_schema()["organisation_number"].is_integer()
        wanted = pl.lit(int(number) if is_whole else number)
        rows = frame.filter(pl.col("organisation_number") == wanted).head(1).collect().to_dicts()
        return (rows[0], newest.manifest.as_of) if rows else (None, None)

    def guide(self, profile: Profile, on: date | None = None) -> Answer:
        """The reasoned answer to a profile on a date (default: its own, else today)."""
        day = on or profile.on or date.today()
        engine = engine_for(self.schemes, day)
        return answer(engine, self._with_computed(profile, day), self.guide_rules)

    def interview(
        self, profile: Profile, on: date | None = None, *, begun: Profile | None = None,
        skipped: frozenset[str] = frozenset(),
    ) -> Interview:  # fmt: skip
        """A round of questions over a profile; ``begun`` and ``skipped`` take one up again."""
        day = on or profile.on or date.today()
        known = self._with_computed(profile, day)
        return Interview(engine_for(self.schemes, day), known, begun, skipped)

    def _with_computed(self, profile: Profile, day: date) -> Profile:
        if not (profile.facts or profile.aid):
            return profile
        from virkestoff.instruments.profile_derived import with_computed_facts

        return with_computed_facts(self.rules, self.schemes.vocabulary, profile, day)

    def write_answer(self, folder: Path, found: Answer, langs: Sequence[Lang]) -> list[Path]:
        """Page, PDF, workbook and calendar of an answer: all or none.

        Raises
        ------
        InputError
            if the folder cannot be written.
        """
        from virkestoff.reports.guide_files import write_guide
        from virkestoff.studies import atomic_folder

        with atomic_folder(folder, GUIDE_FILES) as draft:
            names = [p.name for p in write_guide(draft, found, self.rules.sources, langs)]
        return [folder / name for name in names]

    def answer_tables(
        self, found: Answer, lang: Lang
    ) -> list[tuple[ScreenTable, tuple[int, ...]]]:
        """The answer in tables for the screen, the useful first.

        Beside each table stand its columns whose text needs its heading.
        """
        tables, group = GuideTables(found, lang), found.in_group
        shown: list[tuple[Table, tuple[int, ...]]] = []
        for name in ("now", "person"):
            if entries := group(name):
                caption = GROUPS[name]
                shown.append((tables.overview(name, entries, caption.in_(lang)), ()))
        if entries := group("undecided"):
            shown += [(tables.questions(), (1, 2, 3)), (tables.undecided(entries), (3,))]
        if entries := group("near"):
            shown.append((tables.near(entries), (1, 2)))
        if entries := group("ask"):
            shown.append((tables.asked(entries), (1,)))
        if entries := group("later", "rule_not_known", "closed"):
            title = tables.say("Stengt, eller uten kjent regel", "Closed, or without a known rule")
            shown.append((tables.reasons("closed", entries, title), ()))
        if entries := group("not_met"):
            title = GROUPS["not_met"].in_(lang)
            shown.append((tables.reasons("not-met", entries, title), ()))
        if found.deadlines:
            shown.append((tables.deadlines(), ()))
        return [(_screen_table(table, lang), named) for table, named in shown]

    def front_lines(self, found: Answer, lang: Lang) -> list[tuple[str, list[str]]]:
        """What page 1 of the answer says: the answer, then each list with its heading."""
        front = guide_front(found, lang)
        said = [("Svaret" if lang == "nb" else "Answer", [_said(front.answer, lang)])]
        return said + [(part.title, [_said(item, lang) for item in part.items])
                       for part in front.parts]  # fmt: skip

    def computed_lines(self, found: Answer, lang: Lang) -> list[str]:
        """What was looked up, in a line for each register, then each fact that was computed."""
        terms, profile = self.schemes.vocabulary.terms, found.profile
        looked_up: dict[str, list[str]] = {}
        for name, term in terms.items():
            if name in profile.origins and name in profile.facts and name not in profile.computed:
                said = f"{term.name.in_(lang)} = {value_words(term, profile.facts[name], lang)}"
                looked_up.setdefault(profile.origins[name].in_(lang), []).append(said)
        lines = [f"{profile.name}: {'; '.join(said)} ({origin})"
                 for origin, said in looked_up.items()]  # fmt: skip
        return lines + [
            f"{terms[name].name.in_(lang)}: "
            f"{value_words(terms[name], profile.facts[name], lang)} "
            f"({profile.origins[name].in_(lang)})"
            for name in terms if name in profile.computed
        ]  # fmt: skip

    def entry_tables(self, found: Answer, scheme: str, lang: Lang) -> list[ScreenTable]:
        """Every condition and the amount of one scheme of an answer."""
        entry = next(e for e in found.entries if e.id == self.schemes[scheme].id)
        tables = GuideTables(found, lang)
        shown = [tables.conditions(entry), tables.amount(entry)]
        return [_screen_table(table, lang) for table in shown if table is not None and table.rows]

    def choose_schemes(
        self, *, kind: str = "", status: str = "", phase: str = "", provider: str = "",
        search: str = "",
    ) -> list[Scheme]:  # fmt: skip
        """Schemes of a kind, status and phase whose provider and texts hold some words.

        Raises
        ------
        InputError
            lists every option that is not known.
        """
        faults = FaultCollector()
        for option, value, known in (("--kind", kind, KINDS), ("--status", status, SCHEME_STATUSES),
                                     ("--phase", phase, PHASES)):  # fmt: skip
            if value and value not in known:
                step = suggest(value, known) or f"One of {', '.join(known)}"
                faults.add(f"{option} '{value[:60]}'", "is not known", next_step=step)
        faults.raise_if_any()
        return [
            s for s in self.schemes.schemes.values()
            if kind in ("", s.kind) and status in ("", s.status)
            and (not phase or phase in s.phases.named)
            and provider.casefold() in f"{s.provider.nb} {s.provider.en}".casefold()
            and all(word in _searched(s) for word in search.casefold().split())
        ]  # fmt: skip

    def scheme_list_table(self, chosen: Sequence[Scheme], on: date, lang: Lang) -> ScreenTable:
        """Schemes as a table."""
        return _screen_table(scheme_list(self.schemes, chosen, on, lang), lang)

    def unknown_share_table(
        self, chosen: Sequence[Scheme], on: date, lang: Lang
    ) -> ScreenTable:
        """The share of unknown terms of each scheme."""
        return _screen_table(unknown_table(self.schemes, chosen, on, lang), lang)

    def scheme_tables(self, scheme: str, on: date, lang: Lang) -> list[ScreenTable]:
        """Everything on a scheme.

        Raises
        ------
        MissingFact
            if there is no such scheme.
        """
        key = self.schemes[scheme].id
        result = engine_for(self.schemes, on).check({}).results[key]
        return [_screen_table(t, lang) for t in scheme_tables(result, self.schemes, lang)]

    def new_profile(self, path: Path, lang: Lang) -> None:
        """Write an empty profile that explains itself; never over a file that is there.

        Raises
        ------
        InputError
            if the file is there, or cannot be written.
        """
        if path.exists():
            raise InputError(Fault(str(path), "is there already", next_step="Choose another name"))
        write_whole(path, profile_template(self.schemes.vocabulary, lang).encode())

    def save_profile(self, path: Path, profile: Profile) -> None:
        """Write a profile so that it can be read again."""
        write_whole(path, dump_profile(profile, self.schemes.vocabulary).encode())


def _screen_table(table: Table, lang: Lang) -> ScreenTable:
    """A table for the screen: title, columns, rows, notes."""
    columns = [f"{c.title}\n{c.unit}".strip() for c in table.columns]
    rows = [
        ["".join(_cell(run, lang) for run in cell_runs(cell, column, lang))
         for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]  # fmt: skip
    return table.caption, columns, rows, list(table.notes)


def _said(runs: Runs, lang: Lang) -> str:
    return "".join(_cell(run, lang) for run in runs)


def _cell(run: Run, lang: Lang) -> str:
    if isinstance(run, Citation):
        return f"{run.source}, {place_in(run.place, lang)}" if run.place else run.source
    return "" if isinstance(run, CrossReference) else run.text


def _searched(scheme: Scheme) -> str:
    texts = (scheme.name, scheme.summary, scheme.provider)
    words = " ".join(f"{t.nb} {t.en}" for t in texts if t is not None)
    return f"{scheme.id} {words}".casefold()
