"""Studies as a site shows them: run with a reader's changes, read by chapters, compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virkestoff.costbenefit import rules_on
from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, content_root
from virkestoff.language import LANGUAGES, Lang
from virkestoff.studies import (
    Definition,
    assemble,
    contradiction,
    difference,
    dump_json,
    explain,
    hashes_of,
    load_definition,
    load_evaluate,
    read_results,
    run_study,
    write_manifest,
)
from virkestoff.studies.changes import Changes, changes_of, with_changes
from virkestoff.supply import demand_faults, share_faults
from virkestoff.workbench.pages import PagesBench

if TYPE_CHECKING:
    from virkestoff.reports.chapters import Chapter
    from virkestoff.reports.document import Document, Section
    from virkestoff.reports.fragment import Places
    from virkestoff.reports.study_context import StudyContext

__all__ = ["StudyPagesBench", "as_run", "check_recommendation"]

OnStep = Callable[[int, int, str], None]
BLOCKS = 10
"""Blocks that the draws of a run are divided into, so that it can tell how far it has come."""
SMALLEST_BLOCK = 25


class StudyPagesBench(PagesBench):
    """Studies on a site."""

    def _folder(self, study: str) -> Path:
        """The folder that a slug or a path means."""
        known = {p.parent.name: p.parent for p in self._study_files()}
        if study in known:
            return known[study]
        folder = Path(study)
        if (folder / "study.yaml").is_file():
            return folder
        raise InputError(
            Fault(
                f"study '{study}'",
                "is neither a study that came along nor a folder with a study.yaml",
                next_step=suggest(study, known) or "List them with: virkestoff study list",
            )
        )

    def _study_files(self) -> list[Path]:
        return sorted((content_root() / "studies").glob("*/study.yaml"))

    def study_names(self) -> tuple[str, ...]:
        """The studies that came along, by the names of their folders."""
        return tuple(p.parent.name for p in self._study_files())

    def study(self, study: str) -> tuple[Definition, Library]:
        """A study as it stands, and the library joined with its own facts."""
        return load_definition(self._folder(study), self.library)

    def run_changed(
        self,
        study: str,
        folder: Path,
        changes: Changes,
        *,
        draws: int,
        seed: int = 1,
        langs: Sequence[Lang] = LANGUAGES,
        on_step: OnStep | None = None,
    ) -> dict[Lang, Document]:
        """Run a study, with a reader's changes if there are any, into an empty folder.

        The folder gets results.json, manifest.json, and in every language ``report.LANG`` as web
        page, PDF and Word and ``results.LANG.xlsx``. Of a changed run all of them say what was
        changed and by whom; the library is not written to. There is no brief: it argues for the
        advice, and its words were written for the library's values.

        Returns
        -------
        the report in each language

        Raises
        ------
        InputError
            lists every fault of the study and the changes. Without changes also if the
            recommendation contradicts its own rule; with them the report says so.
        """
        from virkestoff.reports import study_report
        from virkestoff.reports.document_files import write_document
        from virkestoff.reports.study_context import StudyContext
        from virkestoff.reports.study_workbook import write_workbook

        source = self._folder(study)
        stated, held = load_definition(source, self.library)
        definition, library = with_changes(stated, held, changes)
        _check_inputs(definition, library)
        study_report.check_prose(source, definition, library, langs)
        block = max(SMALLEST_BLOCK, -(-draws // BLOCKS))
        result = run_study(
            definition, library, load_evaluate(source), rules_on(library, definition.as_of),
            draws, seed, block, 1, on_step,
        )  # fmt: skip
        results = assemble(result)
        if changes:
            before = _before(stated, held, changes)
            results["changed_inputs"] = {**changes.as_dict(), "before": before}
        else:
            check_recommendation(definition, results)
        (folder / "results.json").write_text(dump_json(results), encoding="utf-8")
        rounded = read_results(folder)
        documents: dict[Lang, Document] = {}
        for i, lang in enumerate(langs):
            if on_step:
                on_step(i, len(langs), "writing_study")
            context = StudyContext(definition, library, rounded, lang, source)
            documents[lang] = study_report.build_document(source, context)
            write_document(documents[lang], folder, f"report.{lang}")
            write_workbook(context, folder / f"results.{lang}.xlsx")
        _manifest(folder, source, results, draws, seed, block)
        return documents

    def study_chapters(
        self, document: Document, places: Places, address: Callable[[str], str]
    ) -> tuple[Chapter, ...]:
        """A report as pages of a site."""
        from virkestoff.reports.chapters import render_chapters

        title = "Kort fortalt" if document.lang == "nb" else "In short"
        return render_chapters(document, places, address, title)

    def study_context(
        self, definition: Definition, library: Library, results: Mapping[str, Any], lang: Lang
    ) -> StudyContext:
        """Names and numbers of a run in one language."""
        from virkestoff.reports.study_context import StudyContext

        return StudyContext(definition, library, results, lang)

    def explanation_sections(self, context: StudyContext, a: str, b: str) -> tuple[Section, ...]:
        """Why two alternatives of a run differ, in parts that sum.

        Raises
        ------
        InputError
            if a name is unknown, or both are the same.
        """
        from virkestoff.reports.comparison_tables import explanation_table
        from virkestoff.reports.document import Section

        table = explanation_table(context, explain(context.results, a, b))
        return (Section("explanation-section", "", (table,)),)

    def difference_sections(
        self, a: Mapping[str, Any], b: Mapping[str, Any], context: StudyContext
    ) -> tuple[dict[str, Any], tuple[Section, ...]]:
        """What changed from results ``a`` to ``b``, and its tables; ``context`` is of ``b``.

        Raises
        ------
        InputError
            if they are of different studies.
        """
        from virkestoff.reports.comparison_tables import difference_tables
        from virkestoff.reports.document import Section

        found = difference(a, b)
        tables = difference_tables(found, context.library, context.lang, context)
        return found, (Section("difference-section", "", tuple(tables)),)


def as_run(
    definition: Definition, library: Library, results: Mapping[str, Any]
) -> tuple[Definition, Library]:
    """The study and the library as a run saw them."""
    return with_changes(definition, library, changes_of(results))


def check_recommendation(definition: Definition, results: Mapping[str, Any]) -> None:
    """Refuse results whose recommendation contradicts its own rule and does not say why.

    Of a run with a reader's changes nothing is refused: its report says it instead.
    """
    advised = definition.decision.recommendation if definition.decision else None
    if changes_of(results):
        return
    if fault := contradiction(advised, results.get("decision")):
        raise InputError(fault)


def _check_inputs(definition: Definition, library: Library) -> None:
    faults = FaultCollector()
    allowed = definition.allowed_facts(library)
    faults.faults += demand_faults(library, allowed) + share_faults(library, allowed)
    faults.raise_if_any()


def _before(definition: Definition, library: Library, changes: Changes) -> dict[str, Any]:
    """What stood in the study and the library where a reader changed it."""
    levers = {
        name: {lever: definition.choices_of(definition.alternatives[name].levers).get(lever)
               for lever in chosen}
        for name, chosen in changes.levers.items()
    }  # fmt: skip
    facts = {name: list(library.fact(name).numbers) for name in changes.facts}
    return {"levers": levers, "facts": facts}


def _manifest(
    folder: Path, source: Path, results: Mapping[str, Any], draws: int, seed: int, block: int
) -> None:
    said = {
        "study": results["study"], "engine": results["engine"], "library": results["library"],
        "inputs": hashes_of(source), "seed": seed, "draws": draws, "block": block, "threads": 1,
    }  # fmt: skip
    if "changed_inputs" in results:
        said["changed_inputs"] = results["changed_inputs"]
        said["changed_by"] = "the reader, not the library"
    write_manifest(folder, said)
