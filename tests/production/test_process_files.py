"""Process files: what is read, and that every fault of every file is reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, content_root
from virkestoff.production import Processes, load_processes
from virkestoff.production.balance import molar_masses

PLACE = content_root() / "library" / "production" / "processes"


@pytest.mark.parametrize(
    ("compound", "grams"),
    # Oracle: molar masses in the reference notes (production-parameters, molar_mass_g_per_mol).
    [
        ("phenoxymethylpenicillin", 350.39),
        ("phenoxymethylpenicillin_potassium", 388.48),
        ("benzylpenicillin_acid", 334.39),
        ("benzylpenicillin_potassium", 372.48),
        ("six_apa", 216.26),
        ("phenoxyacetic_acid", 152.15),
        ("dicloxacillin_sodium_monohydrate", 510.3),
    ],
)
def test_molar_masses_follow_from_formulas(
    compound: str, grams: float, processes: Processes, central: CentralParameters
) -> None:
    assert molar_masses(processes, central)[compound] == pytest.approx(grams, abs=0.03)


def test_salt_of_penicillin_v_weighs_1_109_times_the_acid(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle: reference notes, vapi_salt_per_acid_penV = 1.109.
    masses = molar_masses(processes, central)
    ratio = masses["phenoxymethylpenicillin_potassium"] / masses["phenoxymethylpenicillin"]
    assert ratio == pytest.approx(1.109, abs=5e-4)


def test_feeds_come_before_what_is_made_from_them(processes: Processes) -> None:
    order = processes.order()
    assert order.index("penicillin_g") < order.index("six_apa") < order.index("amoxicillin")
    assert set(order) == set(processes.processes)


def _copy(folder: Path, **changed: str) -> Path:
    for path in PLACE.glob("*.yaml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in changed.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_all_faults_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    text = (PLACE / "amoxicillin.yaml").read_text(encoding="utf-8")
    wrong = text.replace("sold_as:", "sold_like:")
    other = (PLACE / "six_apa.yaml").read_text(encoding="utf-8").replace("origin:", "origen:")
    with pytest.raises(InputError) as caught:
        load_processes(_copy(tmp_path, amoxicillin=wrong, six_apa=other))
    message = str(caught.value)
    for part in ("amoxicillin.yaml", "sold_as", "sold_like", "six_apa.yaml", "origin", "origen"):
        assert part in message


def test_a_reaction_that_does_not_balance_names_the_atoms(tmp_path: Path) -> None:
    text = (PLACE / "amoxicillin.yaml").read_text(encoding="utf-8")
    wrong = text.replace("{amoxicillin: 1, methanol: 1}", "{amoxicillin: 1}")
    with pytest.raises(InputError, match=r"does not balance: C \+1, H \+4, O \+1"):
        load_processes(_copy(tmp_path, amoxicillin=wrong))


def test_a_name_that_is_described_twice_is_a_fault(tmp_path: Path) -> None:
    text = (PLACE / "six_apa.yaml").read_text(encoding="utf-8")
    compounds = "compounds:\n  water: {name: {nb: vann, en: water}, formula: H2O}\ntrains: [1]\n"
    with pytest.raises(InputError) as caught:
        load_processes(_copy(tmp_path, other=text, more=compounds))
    message = str(caught.value)
    assert "'six_apa' is described twice" in message
    assert "'water' is described twice" in message
    assert "trains: must be a mapping" in message


def test_feeds_in_a_circle_are_refused(tmp_path: Path) -> None:
    text = (PLACE / "six_apa.yaml").read_text(encoding="utf-8")
    wrong = text.replace("feed: penicillin_g", "feed: amoxicillin")
    with pytest.raises(InputError, match="circle"):
        load_processes(_copy(tmp_path, six_apa=wrong))


def test_a_fact_that_is_not_in_the_library_is_named(tmp_path: Path, library: object) -> None:
    text = (PLACE / "amoxicillin.yaml").read_text(encoding="utf-8")
    wrong = text.replace(
        "yield: production.amoxicillin.coupling_yield", "yield: production.amoxicillin.coupling"
    )
    with pytest.raises(InputError, match=r"production\.amoxicillin\.coupling'.*is not in"):
        load_processes(_copy(tmp_path, amoxicillin=wrong), library)  # type: ignore[arg-type]
