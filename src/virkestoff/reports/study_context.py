"""What the parts of a study's report share: definition, library, results, language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from virkestoff.evidence import Library
from virkestoff.language import Lang, Text, format_number
from virkestoff.reports.document import Mark, Reference
from virkestoff.reports.numbers import NumberBook
from virkestoff.reports.units import amount_text, scaled
from virkestoff.studies import Definition, unit_of
from virkestoff.studies.decision_block import RULES

__all__ = ["StudyContext"]

_ENGINE_NAMES: dict[str, Text] = {
    "account_net_present_cost": Text(nb="Netto nåkostnad", en="Net present cost"),
    "account_public_net_cost": Text(
        nb="Nåkostnad for offentlige budsjetter", en="Present cost to public budgets"
    ),
    "account_tax_financing_cost": Text(nb="Skattefinansieringskostnad", en="Tax-financing cost"),
    "account_break_even_yearly_benefit": Text(
        nb="Årlig nytte som gir null", en="Yearly benefit at break-even"
    ),
}


@dataclass(frozen=True)
class StudyContext:
    """A finished run in one language."""

    definition: Definition
    library: Library
    results: Mapping[str, Any]
    lang: Lang
    folder: Path | None = None

    def say(self, nb: str, en: str) -> str:
        """The text in the report's language."""
        return nb if self.lang == "nb" else en

    def alternative_name(self, name: str) -> str:
        """An alternative's or probe's name for readers."""
        return self.definition.named_run(name).name.in_(self.lang)

    def actor_name(self, actor: str) -> str:
        """An actor's name for readers."""
        names = self.definition.actors.names
        return names[actor].in_(self.lang) if actor in names else actor

    def part_name(self, part: str) -> str:
        """The name of a part of an outcome, from the study's ``words``."""
        words = self.definition.words
        return words[part].in_(self.lang) if part in words else part.replace("_", " ")

    def outcome_name(self, outcome: str) -> str:
        """An outcome's name for readers, the engine's own included."""
        if outcome in self.definition.outcomes:
            return self.definition.outcomes[outcome].name.in_(self.lang)
        if outcome in _ENGINE_NAMES:
            return _ENGINE_NAMES[outcome].in_(self.lang)
        for prefix, nb, en in (
            ("account_yearly_cost_", "Årlig kostnad", "Yearly cost"),
            ("account_net_", "Nåverdi", "Present value"),
        ):
            if outcome.startswith(prefix):
                actor = self.actor_name(outcome.removeprefix(prefix))
                return f"{self.say(nb, en)}: {actor}"
        return outcome

    def outcome_short(self, outcome: str) -> str:
        """A short name for the head of a column."""
        declared = self.definition.outcomes.get(outcome)
        if declared and declared.short:
            return declared.short.in_(self.lang)
        if outcome.startswith("account_yearly_cost_"):
            return self.actor_name(outcome.removeprefix("account_yearly_cost_"))
        return self.outcome_name(outcome)

    def summary(self, alternative: str, outcome: str) -> Mapping[str, Any] | None:
        """The summary of an outcome, or ``None`` where it does not apply."""
        runs = {**self.results["alternatives"], **self.results["probes"]}
        found: Mapping[str, Any] | None = runs[alternative].get(outcome)
        return found

    def draws_of(self, run: str) -> int:
        """How many draws a run rests on; some probes rest on fewer than the study."""
        return int(self.results["effects"][run]["draws"])

    def unit(self, outcome: str) -> str:
        """The unit of an outcome."""
        return unit_of(self.definition, outcome)

    @cached_property
    def run_marks(self) -> dict[str, Mark]:
        """The weakest confidence of the facts that each run read."""
        marks: dict[str, Mark] = {}
        for run, facts in self.results["facts"].items():
            kinds = {self.library.fact(f).confidence for f in facts}
            order: tuple[Mark, ...] = ("assumption", "unverified", "read")
            marks[run] = next((kind for kind in order if kind in kinds), "read")
        return marks

    @cached_property
    def inputs(self) -> dict[str, str | date | int | float]:
        """Choices of the study that prose may name with ``{input:...}``."""
        d = self.definition
        plain: dict[str, str | date | int | float] = {
            "as_of": d.as_of,
            "price_year": d.price_year,
            "first_year": d.years[0],
            "last_year": d.years[1],
            "n_years": d.axis.size,
            "draws": int(self.results["draws"]),
            "seed": int(self.results["seed"]),
            "n_alternatives": len(d.alternatives),
            "n_facts": len(self.facts_read),
            "n_assumptions": self.n_with("assumption"),
            "n_unverified": self.n_with("unverified"),
        }
        for name, alternative in d.alternatives.items():
            for lever, value in d.choices_of(alternative.levers).items():
                shown = d.levers[lever]
                if shown.unit == "1":
                    plain[f"{name}.{lever}"] = format_number(float(value), self.lang)
                elif shown.unit is not None:
                    plain[f"{name}.{lever}"] = amount_text(float(value), shown.unit, self.lang)
        for ranking in self.results["rankings"]:
            where = f"rank.{ranking['run']}.{ranking['outcome']}"
            plain[f"{where}.of"] = int(ranking["n_facts"])
            for name, position in ranking["positions"].items():
                plain[f"{where}.{name}"] = int(position)
        return {**plain, **self._decision_inputs()}

    def _decision_inputs(self) -> dict[str, str]:
        """What every rule picks, what is recommended, and the worth of knowing everything."""
        decision = self.definition.decision
        if decision is None:
            return {}
        none = self.say("ingen", "none")
        picks = self.results.get("decision", {}).get("picks", {})
        named = {}
        for rule in (*RULES, "regret_p90", "most_often_best", "most_often_meets"):
            pick = picks.get(rule)
            named[f"decision.{rule}"] = self.alternative_name(pick) if pick else none
        advised = decision.recommendation
        named["decision.recommended"] = (
            self.alternative_name(advised.alternative) if advised else none
        )
        worth = self.results.get("information", {}).get("perfect", {}).get("value", 0.0)
        named["decision.perfect_information"] = amount_text(
            worth, self.unit(decision.outcome), self.lang
        )
        return named

    @cached_property
    def book(self) -> NumberBook:
        """The numbers that prose may refer to."""
        marks = {
            f"{run}.{outcome}": mark
            for kind in ("alternatives", "probes")
            for run, outcomes in self.results[kind].items()
            for outcome in outcomes
            if (mark := self.run_marks[run])
        }
        return NumberBook.from_results(
            self.results,
            self.lang,
            library=self.library,
            inputs=self.inputs,
            price_year=self.definition.price_year,
            marks=marks,
        )

    @cached_property
    def facts_read(self) -> tuple[str, ...]:
        """Every fact that any alternative read."""
        return tuple(sorted({f for facts in self.results["facts"].values() for f in facts}))

    def n_with(self, confidence: str) -> int:
        """How many of the facts that were read have this confidence."""
        return sum(self.library.fact(f).confidence == confidence for f in self.facts_read)

    def references(self, extra: tuple[str, ...] = ()) -> tuple[Reference, ...]:
        """The sources of all facts that were read, and of ``extra`` ids."""
        ids = {self.library.fact(f).source for f in self.facts_read} | set(extra)
        found = []
        for source_id in sorted(ids):
            source = self.library.source(source_id)
            found.append(
                Reference(source_id, source.title, source.publisher, source.year, source.url or "")
            )
        return tuple(found)

    def column_scale(self, outcome: str, alternatives: list[str]) -> tuple[float, str]:
        """What a column of an outcome is divided by, and its unit in words."""
        largest = 0.0
        for name in alternatives:
            summary = self.summary(name, outcome)
            if summary:
                largest = max(largest, abs(summary["p50"]), abs(summary["p90"]) / 2)
        return scaled(self.unit(outcome), largest, self.lang)


