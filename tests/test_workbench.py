"""The one face of the engine. Oracle: what its pages promise to the command line and notebooks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import content_root
from virkestoff.workbench import Workbench
from virkestoff.workbench.bench import default_folder


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench()


def test_studies_that_came_along_all_load(bench: Workbench) -> None:
    slugs = {definition.study for definition in bench.studies()}
    folders = {path.parent.name for path in (content_root() / "studies").glob("*/study.yaml")}
    assert slugs == folders >= {"antibiotics", "example"}


def test_evidence_is_filtered_by_text_and_confidence(bench: Workbench) -> None:
    everything = bench.evidence()
    assert len(everything) == len(bench.library.facts) + len(bench.library.statistics)
    assert [r.id for r in everything] == sorted(r.id for r in everything)
    assumed = bench.evidence("PENICILLIN", "assumption")
    assert assumed
    assert {record.confidence for record in assumed} == {"assumption"}
    assert bench.evidence("no such thing") == []
    with pytest.raises(InputError, match="Did you mean 'read'"):
        bench.evidence("", "reed")


def test_steps_are_told_and_a_slug_or_a_folder_will_do(bench: Workbench, tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    folder = tmp_path / "example"
    shutil.copytree(content_root() / "studies" / "example", folder)
    texts = []
    for study in ("example", str(folder)):
        finished = bench.run_study(
            study, draws=8, out=tmp_path / "out" / str(len(texts)), with_report=False,
            on_step=lambda *step: steps.append(step),
        )  # fmt: skip
        assert [p.name for p in finished.files] == ["results.json", "manifest.json"]
        texts.append((finished.folder / "results.json").read_bytes())
    assert texts[0] == texts[1]
    assert [done for done, _, _ in steps[:2]] == [1, 2]
    assert {total for _, total, _ in steps} == {2}
    assert {what for _, _, what in steps} == {"today", "stock"}


def test_another_seed_gives_other_draws_and_the_same_seed_the_same(
    bench: Workbench, tmp_path: Path
) -> None:
    means = []
    for i, seed in enumerate((1, 2, 1)):
        out = tmp_path / str(i)
        bench.run_study("example", draws=16, seed=seed, out=out, with_report=False)
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))
        means.append(results["alternatives"]["stock"]["stock_value"]["mean"])
    assert means[0] == means[2] != means[1]


def test_results_go_to_a_folder_of_the_studys_name(bench: Workbench) -> None:
    definition = next(d for d in bench.studies() if d.study == "example")
    assert default_folder(definition) == Path("results/example")


@pytest.mark.parametrize(("draws", "block", "threads"), [(0, 512, 1), (8, 0, 1), (8, 512, 0)])
def test_numbers_that_make_no_run(
    bench: Workbench, tmp_path: Path, draws: int, block: int, threads: int
) -> None:
    with pytest.raises(InputError, match="at least one"):
        bench.run_study(
            "example", draws=draws, block=block, threads=threads, out=tmp_path / "out",
            with_report=False,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
