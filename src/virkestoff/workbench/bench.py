"""The engine's face: evidence, roadmap and studies; the industry comes from its own module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from virkestoff.costbenefit import rules_on
from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import (
    Conflict,
    Fact,
    Library,
    Statistic,
    find_conflicts,
)
from virkestoff.language import Lang
from virkestoff.reports import comparison_tables, study_report
from virkestoff.reports.decision_tables import DECISION_TABLES
from virkestoff.reports.study_context import StudyContext
from virkestoff.roadmap import Measure, Need, Position, load_roadmap
from virkestoff.studies import (
    Definition,
    Evaluate,
    Explanation,
    assemble,
    atomic_folder,
    check_same_model,
    check_writable,
    citation,
    decompose,
    difference,
    dump_json,
    explain,
    hashes_of,
    load_definition,
    load_evaluate,
    read_manifest,
    read_results,
    run_study,
    template,
    write_manifest,
)
from virkestoff.studies.changes import changes_of
from virkestoff.supply import demand_faults, load_bill, share_faults
from virkestoff.workbench.library import ScreenTable
from virkestoff.workbench.study_pages import StudyPagesBench, as_run, check_recommendation

__all__ = ["Finished", "Workbench"]

OnStep = Callable[[int, int, str], None]
SENSITIVITY_FILE = "sensitivity.json"
REPORT_FILES = (
    "report.html", "report.pdf", "report.docx",
    "report.en.html", "report.en.pdf", "report.en.docx",
    "brief.pdf", "brief.docx", "brief.en.pdf", "brief.en.docx",
    "results.xlsx", "figures",
)  # fmt: skip


@dataclass(frozen=True)
class Finished:
    """A run that is written: its folder, and the files that a reader opens."""

    folder: Path
    files: tuple[Path, ...]


class Workbench(StudyPagesBench):
    """A library and the studies that stand on it.

    Parameters
    ----------
    library : folder with the library; default the one that came along
    """

    def evidence(self, pattern: str = "", confidence: str = "") -> list[Fact | Statistic]:
        """Facts and statistics whose id or name holds ``pattern``, in order of id."""
        kinds = ("read", "unverified", "assumption")
        if confidence and confidence not in kinds:
            step = suggest(confidence, kinds) or f"Use one of {', '.join(kinds)}"
            raise InputError(Fault(f"--confidence '{confidence}'", "is not known", next_step=step))
        wanted = pattern.lower()
        records: list[Fact | Statistic] = [
            *self.library.facts.values(),
            *self.library.statistics.values(),
        ]
        return sorted(
            (
                r
                for r in records
                if wanted in f"{r.id} {r.name.nb} {r.name.en}".lower()
                and confidence in ("", r.confidence)
            ),
            key=lambda r: r.id,
        )

    def conflicts(self) -> list[Conflict]:
        """Published figures on one subject that disagree."""
        return find_conflicts(self.library)

    def needs(self) -> Mapping[str, Need]:
        """What parties say is lacking, by id."""
        return load_roadmap(self.library).needs

    def measures(self) -> Mapping[str, Measure]:
        """What is done or proposed, by id."""
        return load_roadmap(self.library).measures

    def positions(self, topic: str = "") -> Mapping[str, Position]:
        """Who says what, by id; of one topic if it is named.

        Raises
        ------
        InputError
            if there is no such topic.
        """
        roadmap = load_roadmap(self.library)
        return roadmap.positions_on(topic) if topic else roadmap.positions

    def describe(self, record_id: str, lang: Lang) -> list[tuple[str, str]]:
        """Everything that is known of a fact, statistic or source, as label and text."""
        return citation.describe(self.library, record_id, lang)

    def cite(self, name: str, results: Path | None, lang: Lang) -> list[str]:
        """Where a number comes from: a fact, or ``study:alternative.outcome`` of a run.

        ``fact:<id>``, as reports write the key of a fact, is understood too.

        Raises
        ------
        InputError
            if the name is unknown, or the run was made with another library or study.
        """
        study, colon, outcome = name.removeprefix("fact:").partition(":")
        if not colon:
            return citation.cite_record(self.library, study, lang)
        definition, library = load_definition(self._folder(study), self.library)
        folder = results or default_folder(definition)
        found = read_results(folder)
        citation.check_same_origin(definition, library, found, str(folder))
        definition, library = as_run(definition, library, found)
        context = StudyContext(definition, library, found, lang)
        title = context.outcome_name(outcome.partition(".")[2])
        return citation.cite_outcome(definition, library, found, outcome, lang, title)

    def studies(self) -> list[Definition]:
        """The studies that came along."""
        return [load_definition(p.parent, self.library)[0] for p in self._study_files()]

    def run_study(
        self,
        study: str,
        *,
        draws: int,
        seed: int = 1,
        out: Path | None = None,
        langs: Sequence[Lang] = ("nb", "en"),
        threads: int = 2,
        block: int = 1250,
        with_report: bool = True,
        on_step: OnStep | None = None,
    ) -> Finished:
        """Run a study and write results and report: everything or nothing.

        Raises
        ------
        InputError
            lists every fault of the study, the library or the folder, or says that the
            recommendation contradicts its own rule; nothing is written.
        """
        source = self._folder(study)
        definition, library, evaluate, folder = self._checked(source, out, langs, with_report)
        rules = rules_on(library, definition.as_of)
        result = run_study(
            definition, library, evaluate, rules, draws, seed, block, threads, on_step
        )
        results = assemble(result)
        if with_report:
            check_recommendation(definition, results)
        with atomic_folder(folder, (*REPORT_FILES, SENSITIVITY_FILE)) as draft:
            text = dump_json(results)
            (draft / "results.json").write_text(text, encoding="utf-8")
            if with_report:
                if on_step:
                    on_step(1, 1, "Writing the report")
                rounded = read_results(draft)
                study_report.write(source, definition, library, rounded, draft, langs)
            write_manifest(
                draft,
                {
                    "study": definition.study,
                    "engine": results["engine"],
                    "library": results["library"],
                    "inputs": hashes_of(source),
                    "seed": seed,
                    "draws": draws,
                    "block": block,
                    "threads": threads,
                },
            )
        return Finished(folder, tuple(_shown_files(folder)))

    def _checked(
        self, source: Path, out: Path | None, langs: Sequence[Lang], with_report: bool
    ) -> tuple[Definition, Library, Evaluate, Path]:
        """Everything that a run needs, with all faults found before it begins."""
        faults = FaultCollector()
        definition, library, evaluate = None, self.library, None
        try:
            definition, library = load_definition(source, library)
            allowed = definition.allowed_facts(library)
            faults.faults += demand_faults(library, allowed) + share_faults(library, allowed)
            if any(fact_id.startswith("supply.bill.") for fact_id in allowed):
                load_bill()  # its faults belong before the run, not when the report is written
        except InputError as problem:
            faults.extend(problem)
        folder = out or (default_folder(definition) if definition else Path())
        try:
            check_writable(folder)
        except InputError as problem:
            faults.extend(problem)
        try:
            evaluate = load_evaluate(source)
        except InputError as problem:
            faults.extend(problem)
        if with_report and definition:
            try:
                study_report.check_prose(source, definition, library, langs)
            except InputError as problem:
                faults.extend(problem)
        faults.raise_if_any()
        assert definition is not None
        assert evaluate is not None
        return definition, library, evaluate, folder

    def write_reports(
        self, study: str, results: Path | None, langs: Sequence[Lang]
    ) -> tuple[Path, ...]:
        """Write the report again from results that are there.

        Raises
        ------
        InputError
            if the results were made with another library or study, or the recommendation
            contradicts them.
        """
        source = self._folder(study)
        definition, library = load_definition(source, self.library)
        folder = results or default_folder(definition)
        found = read_results(folder)
        citation.check_same_origin(definition, library, found, str(folder))
        check_recommendation(definition, found)
        definition, library = as_run(definition, library, found)
        ran = read_manifest(folder)
        check_same_model(source, ran, folder)
        study_report.check_prose(source, definition, library, langs)
        with atomic_folder(folder, REPORT_FILES) as draft:
            study_report.write(source, definition, library, found, draft, langs)
        write_manifest(folder, ran)
        return tuple(_shown_files(folder))

    def summary_table(
        self, study: str, folder: Path, lang: Lang
    ) -> ScreenTable:
        """The table of alternatives of a run: title, columns, rows, notes."""
        definition, _ = load_definition(self._folder(study), self.library)
        return study_report.summary_table(definition, read_results(folder), lang)

    def _results_of(
        self, study: str, results: Path | None
    ) -> tuple[Definition, Library, dict[str, Any]]:
        """A study with results that were made with it."""
        definition, library = load_definition(self._folder(study), self.library)
        folder = results or default_folder(definition)
        found = read_results(folder)
        citation.check_same_origin(definition, library, found, str(folder))
        return *as_run(definition, library, found), found

    def check_study(self, study: str, results: Path | None, lang: Lang) -> list[ScreenTable]:
        """The tables of the decision, if the recommendation follows from the results.

        Raises
        ------
        InputError
            if the recommendation contradicts its own rule and does not say why, or the results
            were made with another library or study.
        """
        definition, library, found = self._results_of(study, results)
        check_recommendation(definition, found)
        if definition.decision is None:
            return []
        context = StudyContext(definition, library, found, lang)
        tables = (DECISION_TABLES[n](context) for n in ("decision_rules", "regret"))
        return [study_report.screen_table(table, lang) for table in tables]

    def explain(self, study: str, a: str, b: str, results: Path | None) -> Explanation:
        """The difference in net present cost between two alternatives, in parts that sum."""
        return explain(self._results_of(study, results)[2], a, b)

    def explanation_table(
        self, study: str, a: str, b: str, results: Path | None, lang: Lang
    ) -> ScreenTable:
        """The same as a table for the screen."""
        definition, library, found = self._results_of(study, results)
        context = StudyContext(definition, library, found, lang)
        table = comparison_tables.explanation_table(context, explain(found, a, b))
        return study_report.screen_table(table, lang)

    def diff(self, a: Path, b: Path) -> dict[str, Any]:
        """What changed from the results in folder ``a`` to those in ``b``."""
        return difference(read_results(a), read_results(b))

    def diff_tables(self, found: dict[str, Any], lang: Lang) -> list[ScreenTable]:
        """What :meth:`diff` found as tables for the screen."""
        tables = comparison_tables.difference_tables(found, self.library, lang)
        return [study_report.screen_table(table, lang) for table in tables]

    def sensitivity(
        self,
        study: str,
        run: str,
        outcome: str,
        *,
        base: int = 256,
        facts: int = 8,
        seed: int = 1,
        out: Path | None = None,
        threads: int = 2,
        on_step: OnStep | None = None,
    ) -> tuple[dict[str, Any], Path]:
        """Sobol indices of an outcome; written as sensitivity.json beside the results.

        Raises
        ------
        InputError
            if a name is unknown, the outcome does not vary, or the folder holds results of another
            library or study; nothing is written.
        """
        source = self._folder(study)
        definition, library, evaluate, folder = self._checked(source, out, (), False)
        if (folder / "results.json").is_file():
            held = read_results(folder)
            citation.check_same_origin(definition, library, held, str(folder))
            if changes_of(held):
                raise InputError(Fault(str(folder), "holds a run whose inputs a reader changed",
                                       "the indices would be of the library's inputs",
                                       "Choose another --out"))  # fmt: skip
        rules = rules_on(library, definition.as_of)
        found = decompose(
            definition, library, evaluate, rules, run, outcome,
            n_base=base, n_facts=facts, seed=seed, threads=threads, on_step=on_step,
        )  # fmt: skip
        with atomic_folder(folder) as draft:
            (draft / SENSITIVITY_FILE).write_text(dump_json(found), encoding="utf-8")
        return found, folder / SENSITIVITY_FILE

    def sensitivity_table(self, study: str, found: dict[str, Any], lang: Lang) -> ScreenTable:
        """What :meth:`sensitivity` found as a table for the screen."""
        definition, library = load_definition(self._folder(study), self.library)
        context = StudyContext(definition, library, {}, lang)
        table = comparison_tables.sensitivity_table(context, found)
        return study_report.screen_table(table, lang)

    def new_study(self, folder: Path) -> tuple[Path, ...]:
        """Make a small study that runs, to start from."""
        return template.write_template(folder)


def default_folder(definition: Definition) -> Path:
    """Where the results of a study go when no folder is named."""
    return Path("results") / definition.study


def _shown_files(folder: Path) -> list[Path]:
    names = (*REPORT_FILES, "results.json", "manifest.json")
    return [folder / name for name in names if (folder / name).exists()]
