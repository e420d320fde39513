"""Studies: a commission's question, run over draws of the facts, reduced to results."""

from virkestoff.studies import citation, template
from virkestoff.studies.assemble import assemble, facts_shown, unit_of
from virkestoff.studies.case import Case
from virkestoff.studies.decision import contradiction
from virkestoff.studies.decomposition import decompose
from virkestoff.studies.definition import Definition, Sweep, load_definition
from virkestoff.studies.difference import difference
from virkestoff.studies.displays import DeclaredFigure, DeclaredTable, Statistic
from virkestoff.studies.expected import Expected, in_study_money, read_expected
from virkestoff.studies.experiment import Draws
from virkestoff.studies.explanation import Explanation, Part, explain
from virkestoff.studies.loading import Evaluate, load_evaluate
from virkestoff.studies.output import (
    atomic_folder,
    check_same_model,
    check_writable,
    hashes_of,
    read_manifest,
    write_manifest,
)
from virkestoff.studies.results import dump_json, outcome_of, read_results
from virkestoff.studies.run import RunResult, run_study

__all__ = [
    "Case",
    "DeclaredFigure",
    "DeclaredTable",
    "Definition",
    "Draws",
    "Evaluate",
    "Expected",
    "Explanation",
    "Part",
    "RunResult",
    "Statistic",
    "Sweep",
    "assemble",
    "atomic_folder",
    "check_same_model",
    "check_writable",
    "citation",
    "contradiction",
    "decompose",
    "difference",
    "dump_json",
    "explain",
    "facts_shown",
    "hashes_of",
    "in_study_money",
    "load_definition",
    "load_evaluate",
    "outcome_of",
    "read_expected",
    "read_manifest",
    "read_results",
    "run_study",
    "template",
    "unit_of",
    "write_manifest",
]
