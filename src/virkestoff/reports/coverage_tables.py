"""Tables of coverage, claims, gaps, companies and reforms, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from virkestoff.evidence import Library
from virkestoff.instruments.coverage import Coverage, CoverageCell
from virkestoff.instruments.gaps import (
    ClaimResult,
    GapResult,
    PhaseFigures,
    WithProposal,
)
from virkestoff.instruments.phases import PhaseRules
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.language import Lang, format_date, format_money, format_number, place_in
from virkestoff.reports.blocks import Cell, Column, Table
from virkestoff.reports.coverage_figures import shown_codes
from virkestoff.reports.coverage_words import (
    DIMENSION_WORDS,
    KIND_WORDS,
    OUTCOMES,
    SHORT_PHASES,
    STATUS_WORDS,
    WEIGHT_WORDS,
    code_word,
)

__all__ = ["CoverageTables"]

HIDDEN = ":"


@dataclass(frozen=True)
class CoverageTables:
    """What the screen and the report show."""

    library: Library
    schemes: Schemes
    rules: PhaseRules
    lang: Lang

    def say(self, nb: str, en: str) -> str:
        """The text in the reader's language."""
        return nb if self.lang == "nb" else en

    def number(self, x: float) -> str:
        """A number in the reader's locale."""
        return format_number(x, self.lang)

    def money(self, x: float | None) -> str:
        """An amount, or that it is unknown."""
        return self.say("ukjent", "unknown") if x is None else format_money(x, self.lang)

    def phase(self, key: str) -> str:
        """The name of a phase."""
        return self.rules.phases[key].name.in_(self.lang)

    def cited(self, source: str, place: str) -> str:
        """Who says it, when and where."""
        record = self.library.sources[source]
        year = "" if record.year is None else f" ({record.year})"
        return f"{record.publisher}{year}, {place_in(place, self.lang)}"

    def scheme(self, key: str) -> str:
        """The name of a scheme."""
        return self.schemes[key].name.in_(self.lang)

    def listed(self, words: Sequence[str]) -> str:
        """Words with commas; a dash for none."""
        return ", ".join(words) or "–"

    @property
    def no_failure(self) -> str:
        """The sentence that stands wherever a gap is shown."""
        return self.say(
            "Et hull i tabellen er ingen markedssvikt; den må begrunnes for seg. "
            "At en ordning finnes, "
            "at noen får den og hva den kan bruke, er tre ulike ting.",
            "A gap in the table is no market failure; that needs an argument of its own. That a "
            "scheme exists, that somebody gets it and what it may spend are three things.",
        )

    # ---- coverage

    def coverage(self, found: Coverage, name: str = "coverage") -> Table:
        """Two dimensions crossed; with one, or three and more, a row a place."""
        title = self.coverage_title(found)
        notes = self._notes(found)
        if len(found.by) == len(("across", "down")):
            down, across = shown_codes(found)[::-1]
            head = f"{DIMENSION_WORDS[found.by[1]].in_(self.lang)}"
            columns = (Column(head), *(Column(self._short(found.by[0], c), "", "right")
                                       for c in across))  # fmt: skip
            crossed: tuple[tuple[Cell, ...], ...] = tuple(
                (self.code(found, 1, d), *(self._cell(found, found.cell(a, d)) for a in across))
                for d in down
            )
            return Table(name, title, columns, crossed, notes)
        columns = (*(Column(DIMENSION_WORDS[b].in_(self.lang)) for b in found.by),
                   Column(self.say("Ordninger", "Schemes"), "", "right"))  # fmt: skip
        if found.weight != "number":
            columns = (*columns, Column(self._weight(found), "", "right"),
                       Column(self.say("Ukjent", "Unknown"), "", "right"))  # fmt: skip
        rows = tuple(self._row(found, cell) for cell in found.cells)
        return Table(name, title, columns, rows, notes)

    def _row(self, found: Coverage, cell: CoverageCell) -> tuple[Cell, ...]:
        codes = tuple(self.code(found, k, code) for k, code in enumerate(cell.place))
        row: tuple[Cell, ...] = (*codes, self.number(cell.n))
        if found.weight == "number":
            return row
        return (*row, self._bounds(found, cell), str(cell.n_unknown))

    def code(self, found: Coverage, place: int, code: str) -> str:
        """A code of a dimension of the table, with a capital."""
        word = code_word(found.by[place], code, self.rules, self.lang)
        return word[:1].upper() + word[1:]

    def _short(self, dimension: str, code: str) -> str:
        """A code as the head of a column: phases by their short names."""
        if dimension == "phase" and code in SHORT_PHASES:
            return SHORT_PHASES[code].in_(self.lang)
        word = code_word(dimension, code, self.rules, self.lang)
        return word[:1].upper() + word[1:]

    def _cell(self, found: Coverage, cell: CoverageCell) -> str:
        if found.weight == "number" or not cell.schemes:
            return self.number(cell.n)
        known = self._bounds(found, cell)
        if not cell.n_unknown:
            return known
        return f"{known} (+{cell.n_unknown} {self.say('ukjent', 'unknown')})"

    def _bounds(self, found: Coverage, cell: CoverageCell) -> str:
        if cell.high is None or cell.low is None:
            return "–"
        shown = self.money if found.weight == "budget" else self.number
        low, high = shown(cell.low), shown(cell.high)
        return high if low == high else f"{low} – {high}"

    def _weight(self, found: Coverage) -> str:
        word = WEIGHT_WORDS[found.weight].in_(self.lang)
        return word[:1].upper() + word[1:]

    def coverage_title(self, found: Coverage) -> str:
        """What is counted, by what, on which day."""
        parts = self.say(" og ", " and ").join(
            DIMENSION_WORDS[b].in_(self.lang).lower() for b in found.by
        )
        day = format_date(found.on, self.lang)
        weight = self._weight(found)
        by = self.say("etter", "by")
        price = "" if found.price_year is None else self.say(
            f", {found.price_year}-kroner", f", NOK of {found.price_year}")  # fmt: skip
        states = self.listed([STATUS_WORDS[s].in_(self.lang) for s in found.statuses])
        return f"{weight} {by} {parts}, {day} ({states}{price})"

    def _notes(self, found: Coverage) -> tuple[str, ...]:
        mapping = self.rules.mappings[found.mapping].name.in_(self.lang)
        notes = [self.say(
            f"{found.n_schemes} ordninger, hver talt i alle faser, mottakere og "
            "svikter den gjelder. "
            f"Faser: {mapping.lower()}.",
            f"{found.n_schemes} schemes, each counted in every phase, recipient "
            "and failure that it "
            f"is for. Phases: {mapping.lower()}.",
        )]  # fmt: skip
        if found.weight == "budget":
            notes.append(self.say(
                "Fra det som bare hører til her, til alt som rører ved stedet. "
                "Siste budsjett som ble "
                "lest, for alle næringer, ikke bare helse. Et budsjett som ikke "
                "er lest, er ukjent og "
                "ikke null. Beløp fra år etter prisindeksen står som de ble lest.",
                "From what belongs here alone to all that touches the place. The last budget that "
                "was read, for all industries, not for health alone. A budget that was not read is "
                "unknown and not nought. Amounts of years after the price index stand as read.",
            ))  # fmt: skip
        if found.weight == "reached":
            notes.append(self.say(
                "Bedrifter. En ordning som bare oppgir prosjekter, er ukjent her.",
                "Companies. A scheme that only says projects is unknown here.",
            ))  # fmt: skip
        notes.append(self.no_failure)
        return tuple(notes)

    # ---- claims

    def claims(self, results: Sequence[ClaimResult], name: str = "claims") -> Table:
        """Each claim: the main count, what was compared, and how it stands otherwise."""
        rows = []
        for key, claim in self.rules.claims.items():
            own = [r for r in results if r.claim == key]
            main = own[0]
            tally: Counter[str] = Counter(r.outcome for r in own)
            spread = self.listed([
                f"{OUTCOMES[o].in_(self.lang)} {tally[o]}" for o in OUTCOMES if tally[o]
            ])  # fmt: skip
            figures = self.listed([
                f"{SHORT_PHASES[p].in_(self.lang)} {self._figure(claim.measure, v)}"
                for p, v in main.figures.items()
            ])  # fmt: skip
            rows.append((claim.name.in_(self.lang), OUTCOMES[main.outcome].in_(self.lang), figures,
                         str(main.n_unknown), spread))  # fmt: skip
        columns = (
            Column(self.say("Påstand", "Claim")), Column(self.say("Svar", "Answer")),
            Column(self.say("Tall", "Figures")),
            Column(self.say("Ikke lest", "Not read"), self.say("ordninger", "schemes"), "right"),
            Column(self.say(f"På {self._n_ways()} måter å telle på",
                            f"In {self._n_ways()} ways of counting")),
        )  # fmt: skip
        return Table(
            name, self.say("Kildens påstander, prøvd", "The source's claims, tested"), columns,
            tuple(rows), (self._claims_note(),), self._claims_source(),
        )  # fmt: skip

    def _n_ways(self) -> int:
        return len(self.rules.mappings) * len(self.rules.subsets)

    def _figure(self, measure: str, value: float | None) -> str:
        return self.number(value or 0.0) if measure == "number" else self.money(value)

    def _claims_note(self) -> str:
        return self.say(
            "Svaret gjelder alle ordninger og fasene som dokumentene nevner. "
            "Budsjett: det som er lest. "
            "«Kan ikke avgjøres»: det som ikke er lest, kan snu svaret. En "
            "ordning i flere faser teller "
            "i hver.",
            "The answer is for all schemes and the phases that the documents "
            "name. Budget: what was "
            "read. “Cannot be decided”: what was not read can turn the answer. A scheme of several "
            "phases counts in each.",
        )

    def _claims_source(self) -> str:
        places = dict.fromkeys(
            self.cited(c.source, c.place) for c in self.rules.claims.values()
        )
        return f"{self.say('Påstander', 'Claims')}: {'; '.join(places)}"

    def sensitivity(
        self, results: Sequence[ClaimResult], claim: str, name: str = "sensitivity"
    ) -> Table:
        """One claim: subsets down, mappings across."""
        found = {(r.subset, r.mapping): r for r in results if r.claim == claim}
        columns = (Column(self.say("Ordninger", "Schemes")),
                   *(Column(m.name.in_(self.lang)) for m in self.rules.mappings.values()))
        rows = tuple(
            (subset.name.in_(self.lang),
             *(OUTCOMES[found[key, m].outcome].in_(self.lang) for m in self.rules.mappings))
            for key, subset in self.rules.subsets.items()
        )  # fmt: skip
        title = self.rules.claims[claim].name.in_(self.lang)
        return Table(name, title, columns, rows)

    def phases(self, figures: Mapping[str, PhaseFigures], name: str = "phases") -> Table:
        """Numbers, budgets and ceilings by phase."""
        columns = (
            Column(self.say("Fase", "Phase")),
            Column(self.say("Ordninger", "Schemes"), "", "right"),
            Column(self.say("Budsjett lest", "Budget read")),
            Column(self.say("Budsjett ukjent", "Budget unknown"), "", "right"),
            Column(self.say("Høyeste beløp", "Highest amount"), "", "right"),
            Column(self.say("Midterste beløp", "Median amount"), "", "right"),
            Column(self.say("Tak lest", "Limits read"), "", "right"),
            Column(self.say("Tak ukjent", "Limits unknown"), "", "right"),
        )
        rows = tuple(
            (self.phase(p), self.number(f.n),
             self._span(f.budget_low, f.budget_high) if f.n_budget else "–",
             str(f.n_budget_unknown), self.money(f.highest), self.money(f.median),
             str(f.n_ceiling), str(len(f.ceilings) - f.n_ceiling - f.n_unlimited))
            for p, f in figures.items()
        )  # fmt: skip
        note = self.say(
            "Beløp og tak: det meste reglene gir én søker i ordninger som gir bedrifter penger, av "
            "alle typer støtte, i kroner slik reglene sier det. Et lån og et tilskudd av samme "
            "størrelse er ikke like mye verdt.",
            "Amounts and limits: the most that the rules give one applicant in schemes that give "
            "companies money, of any kind of support, in NOK as the rules say. A loan and a grant "
            "of one size are not worth the same.",
        )
        title = self.say("Hva som er kjent om hver fase", "What is known of each phase")
        return Table(name, title, columns, rows, (note,))

    def _span(self, low: float, high: float) -> str:
        ends = self.money(low), self.money(high)
        return ends[1] if ends[0] == ends[1] else " – ".join(ends)

    # ---- awards

    def awards(self, name: str = "awards") -> Table:
        """Sums of awards that sources publish; they are no budgets and no eligibility."""
        rows = []
        for award in self.rules.awards:
            record = self.library.statistics[award.statistic]
            value = record.value
            shown = self.money(float(value)) if isinstance(value, int | float) else "–"
            phases = dict.fromkeys(
                p for key in award.schemes for p in self.rules.phases
                if p in self._phases_of(key)
            )  # fmt: skip
            rows.append((
                record.name.in_(self.lang), shown, str(record.year),
                self.listed([SHORT_PHASES[p].in_(self.lang) for p in phases]),
                self.cited(record.source, record.place),
            ))  # fmt: skip
        columns = (
            Column(self.say("Tildelt", "Awarded")),
            Column(self.say("Beløp", "Amount"), "", "right"),
            Column(self.say("År", "Year")), Column(self.say("Faser", "Phases")),
            Column(self.say("Kilde", "Source")),
        )  # fmt: skip
        note = self.say(
            "Strek: kilden sier ikke hvilke ordninger summen gjelder, eller "
            "ordningene er ikke lagt i "
            "faser. Summene overlapper og har ulike avgrensinger; de legges ikke sammen.",
            "Dash: the source does not say which schemes the sum is of. The sums overlap and have "
            "different scopes; they are not added.",
        )
        title = self.say("Hva kildene sier er tildelt", "What the sources say was awarded")
        return Table(name, title, columns, tuple(rows), (note,))

    def _phases_of(self, key: str) -> set[str]:
        mapping = self.rules.mapping(None)
        words = self.rules.words(mapping)
        return {p for word in self.schemes[key].phases.named for p in words[word]}

    # ---- gaps

    def gaps(self, results: Sequence[GapResult], name: str = "gaps") -> Table:
        """Both sides of each transition."""
        columns = (
            Column(self.say("Gap", "Gap")), Column(self.say("Side", "Side")),
            Column(self.say("Ordninger", "Schemes"), "", "right"),
            Column(self.say("Av dem på begge sider", "Of them on both sides"), "", "right"),
            Column(self.say("Typer", "Kinds")),
            Column(self.say("Høyeste beløp", "Highest amount"), "", "right"),
            Column(self.say("Tak ukjent", "Limits unknown"), "", "right"),
        )  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for result in results:
            gap, n_both = self.rules.gaps[result.gap], len(result.across)
            for side, phases, alone, kinds, highest, unknown in (
                (self.say("før", "before"), gap.before, result.before, result.kinds_before,
                 result.highest_before, result.n_unknown_before),
                (self.say("etter", "after"), gap.after, result.after, result.kinds_after,
                 result.highest_after, result.n_unknown_after),
            ):  # fmt: skip
                shown = self.listed([SHORT_PHASES[p].in_(self.lang) for p in phases])
                words = self.listed([
                    f"{KIND_WORDS[k].in_(self.lang)} {kinds[k]}" for k in KIND_WORDS if kinds.get(k)
                ])  # fmt: skip
                rows.append((gap.name.in_(self.lang), f"{side} ({shown})",
                             str(len(alone) + n_both), str(n_both), words, self.money(highest),
                             str(unknown)))  # fmt: skip
        title = self.say("De to finansieringsgapene: ordninger som gir bedrifter penger",
                         "The two financing gaps: schemes that give companies money")  # fmt: skip
        note = self.say(
            "Hvor mye bedriftene trenger, er ikke kjent her. ",
            "How much companies need is not known here. ",
        )
        source = "; ".join(dict.fromkeys(
            self.cited(g.source, g.place) for g in self.rules.gaps.values()))
        return Table(name, title, columns, tuple(rows), (note + self.no_failure,),
                     f"{self.say('Gapene', 'The gaps')}: {source}")  # fmt: skip

    # ---- proposals

    def proposals(self, results: Sequence[WithProposal], name: str = "proposals") -> Table:
        """What each proposed scheme would change."""
        columns = (
            Column(self.say("Forslag", "Proposal")), Column(self.say("Faser", "Phases")),
            Column(self.say("Fyller", "Fills"), self.say("fase og type uten ordning",
                                                          "phase and kind without a scheme")),
            Column(self.say("Over gapet", "Across the gap")),
            Column(self.say("Påstander som snur", "Claims that turn")),
        )  # fmt: skip
        rows = []
        for r in results:
            is_all = r.scheme == "all"
            filled = [
                f"{SHORT_PHASES[p].in_(self.lang)}: {KIND_WORDS[k].in_(self.lang)}"
                for p, k in r.filled
            ]
            turned = [
                f"{self.rules.claims[c].name.in_(self.lang)}: {OUTCOMES[a].in_(self.lang)} → "
                f"{OUTCOMES[b].in_(self.lang)}"
                for c, (a, b) in r.changed_claims.items()
            ]
            rows.append((
                self.say("Alle sammen", "All together") if is_all else self.scheme(r.scheme),
                self.listed([SHORT_PHASES[p].in_(self.lang) for p in r.phases]),
                self.listed(filled),
                self.listed([self.rules.gaps[g].name.in_(self.lang) for g in r.across]),
                self.listed(turned),
            ))  # fmt: skip
        title = self.say("Hva hvert forslag ville endre", "What each proposal would change")
        note = self.say(
            "Over gapet: ordningen er ment for faser på begge sider. Det sier "
            "ikke at gapet er lukket.",
            "Across the gap: the scheme is meant for phases on both sides. That does not say that "
            "the gap is closed.",
        )
        return Table(name, title, columns, tuple(rows), (note,))
