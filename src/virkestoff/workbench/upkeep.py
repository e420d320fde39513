"""``virkestoff check``: every part of the library read and checked, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from virkestoff.errors import Fault, FaultCollector, InputError, VirkestoffError
from virkestoff.evidence import content_root
from virkestoff.language import Lang, Text
from virkestoff.workbench.instruments_coverage import CoverageBench
from virkestoff.workbench.library import ScreenTable

if TYPE_CHECKING:
    from virkestoff.connectors.links import Link
    from virkestoff.instruments.upkeep import Finding

__all__ = ["CheckedPart", "Checks", "UpkeepBench"]

_SORTS = {
    "not_checked": Text(nb="Ikke sett på det siste året", en="Not checked within a year"),
    "rules_ended": Text(nb="Reglene er ikke kjent lenger", en="Rules no longer known"),
    "call_closed": Text(nb="Utlysningen er lukket", en="Call is closed"),
    "no_address": Text(nb="Kilde uten adresse", en="Source without an address"),
    "no_document": Text(nb="Uten dokument", en="Without a document"),
}

_LINKS = {
    "dead": Text(nb="Siden finnes ikke lenger", en="Page is gone"),
    "moved": Text(nb="Siden er flyttet", en="Page has moved"),
    "unclear": Text(nb="Siden svarer ikke programmet; se selv", en="No answer to a program; look"),
}
_WHY = {
    "name": Text(nb="navnet finnes ikke", en="no such name"),
    "time": Text(nb="ikke svar i tide", en="no answer in time"),
    "scheme": Text(nb="ingen nettside", en="no page of the web"),
    "redirects": Text(nb="sendes videre uten ende", en="sent on without end"),
    "connection": Text(nb="forbindelsen ble brutt", en="the connection failed"),
}


@dataclass(frozen=True)
class CheckedPart:
    """A part of the library, and how many records of it were read."""

    name: Text
    n: int


@dataclass(frozen=True)
class Checks:
    """What was checked, what is wrong, and what needs a look."""

    on: date
    checked: tuple[CheckedPart, ...]
    faults: tuple[Fault, ...]
    findings: tuple[Finding, ...]
    links: tuple[LookedUp, ...] | None = None

    def table(self, lang: Lang) -> ScreenTable:
        """What needs a look, for the screen."""
        title = "Bør ses på" if lang == "nb" else "Needs a look"
        columns = ["Hva gjelder det", "Hvorfor"] if lang == "nb" else ["What", "Why"]
        rows = [[f.subject, f"{_SORTS[f.sort].in_(lang)}: {f.text.in_(lang)}"]
                for f in self.findings]  # fmt: skip
        links = self.links or ()
        has_network = any(found.link.why != "name" for found in links)
        if not has_network:  # one line says it, not one an address
            links = ()
        rows += [link.row(lang) for link in links if link.link.state in _LINKS]
        counts = [f"{_SORTS[s].in_(lang)}: {n}" for s in _SORTS
                  if (n := sum(f.sort == s for f in self.findings))]  # fmt: skip
        counts += [f"{_LINKS[s].in_(lang)}: {n}" for s in _LINKS
                   if (n := sum(link.link.state == s for link in links))]  # fmt: skip
        n = len(links)
        if self.links and not has_network:
            note = ("Ingen av adressene er spurt: her er det ikke nett." if lang == "nb" else
                    "None of the addresses was asked: there is no network here.")  # fmt: skip
        elif self.links is None:
            note = ("Om nettsider fortsatt svarer, er ikke undersøkt; --links spør dem."
                    if lang == "nb" else
                    "Whether pages still answer was not looked up; --links asks them.")  # fmt: skip
        else:
            note = (f"{n} adresser er spurt; sidene selv er ikke lest." if lang == "nb" else
                    f"{n} addresses were asked; the pages themselves were not read.")  # fmt: skip
        return title, columns, rows, [*counts, note]

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "date": self.on.isoformat(),
            "checked": {part.name.en: part.n for part in self.checked},
            "faults": [vars(f) if hasattr(f, "__dict__") else str(f) for f in self.faults],
            "findings": [
                {"subject": f.subject, "sort": f.sort, "text": f.text.model_dump()}
                for f in self.findings
            ],
            "links": None if self.links is None else [
                {"sources": list(found.sources), **asdict(found.link)} for found in self.links
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class LookedUp:
    """What became of an address, and the sources that stand there."""

    link: Link
    sources: tuple[str, ...]

    def row(self, lang: Lang) -> list[str]:
        """For the table of what needs a look."""
        why = _WHY[self.link.why].in_(lang) if self.link.why in _WHY else self.link.why
        where = self.link.new_address or f"{self.link.address} ({why})"
        return [", ".join(self.sources), f"{_LINKS[self.link.state].in_(lang)}: {where}"]


class UpkeepBench(CoverageBench):
    """What the workbench knows of its own library's state."""

    def check_everything(self, on: date, lang: Lang = "nb") -> Checks:
        """Read and check library, schemes, roadmap, industry and studies.

        The faults of all parts are collected; what stands on a part with faults is not read.
        """
        faults = FaultCollector()
        checked: list[CheckedPart] = []
        for name, count in self._parts():
            try:
                checked.append(CheckedPart(name, count()))
            except VirkestoffError as problem:
                faults.faults.extend(f for f in problem.faults if f not in faults.faults)
        found: tuple[Finding, ...] = ()
        if not faults.faults:
            from virkestoff.instruments.upkeep import check_market_failures, findings

            check_market_failures(self.schemes, self.phase_rules, faults)
            addresses = {key: s.url for key, s in self.library.sources.items()}
            found = findings(self.schemes, on, addresses)
        return Checks(on, tuple(checked), tuple(faults.faults), found)

    def look_up_links(
        self, on_step: Callable[[int, int], None] | None = None
    ) -> tuple[LookedUp, ...]:
        """Ask the address of every source whether it still answers; the one use of a network.

        Parameters
        ----------
        on_step : called with (addresses done, addresses in all)
        """
        from virkestoff.connectors.links import look_up

        sources: dict[str, list[str]] = {}
        for key, source in self.library.sources.items():
            if source.url:
                sources.setdefault(source.url, []).append(key)
        return tuple(
            LookedUp(link, tuple(sorted(sources[link.address])))
            for link in look_up(sources, on_step=on_step)
        )

    def _parts(self) -> Sequence[tuple[Text, Callable[[], int]]]:
        from virkestoff.evidence.glossary import load_glossary
        from virkestoff.facilities import load_register
        from virkestoff.industry.definitions import load_definitions
        from virkestoff.industry.organisations import load_organisations
        from virkestoff.industry.population_plan import load_plan
        from virkestoff.industry.projections import load_scenarios, load_targets
        from virkestoff.roadmap import load_roadmap
        from virkestoff.studies import load_definition
        from virkestoff.supply import load_bill

        def industry() -> int:
            load_plan(self.library)
            parts = (load_organisations(self.library).by_id, load_definitions(),
                     load_scenarios(self.library), load_targets(self.library))  # fmt: skip
            return sum(len(part) for part in parts)

        def roadmap() -> int:
            found = load_roadmap(self.library)
            return len(found.needs) + len(found.measures) + len(found.positions)

        def studies() -> int:
            faults = FaultCollector()
            paths = sorted((content_root() / "studies").glob("*/study.yaml"))
            for path in paths:
                try:
                    load_definition(path.parent, self.library)
                except InputError as problem:
                    faults.extend(problem)
            faults.raise_if_any()
            return len(paths)

        def facts() -> int:
            return len(self.library.facts) + len(self.library.statistics)

        return (
            (Text(nb="Tall i biblioteket", en="Figures in the library"), facts),
            (Text(nb="Ord i ordlisten", en="Words in the glossary"),
             lambda: len(load_glossary(self.library))),
            (Text(nb="Støtteordninger", en="Support schemes"), lambda: len(self.schemes.schemes)),
            (Text(nb="Markedssvikt, faser og påstander", en="Market failures, phases and claims"),
             lambda: len(self.phase_rules.market_failures) + len(self.phase_rules.phases)
             + len(self.phase_rules.claims)),
            (Text(nb="Veikart", en="Roadmap"), roadmap),
            (Text(nb="Næringen", en="The industry"), industry),
            (Text(nb="Anlegg", en="Facilities"),
             lambda: len(load_register(self.library).providers)),
            (Text(nb="Forsyning", en="Supply"), lambda: len(load_bill().items)),
            (Text(nb="Utredninger", en="Studies"), studies),
        )  # fmt: skip
