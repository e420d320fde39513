"""Remembering changes no value. Oracle: the parameters that are asked."""

from virkestoff.evidence import Library, SampledParameters
from virkestoff.production.balance import molar_masses
from virkestoff.production.process_files import load_processes
from virkestoff.production.remembered import RememberedParameters
from virkestoff.studies.experiment import Draws

PRICE, UNIT = "production.operations.power_price", "NOK/kWh"


def _sampled(library: Library, converted: dict | None = None) -> SampledParameters:
    draws = Draws(library, 1, 16)
    return SampledParameters(library, 2025, None, draws.fact, 16, None, converted)


def test_what_is_kept_equals_what_is_asked(library: Library) -> None:
    plain, kept = _sampled(library), RememberedParameters(_sampled(library))
    for _ in range(2):
        assert kept(PRICE, UNIT).tobytes() == plain(PRICE, UNIT).tobytes()


def test_alternatives_share_what_is_converted_and_record_what_each_read(library: Library) -> None:
    converted: dict = {}
    first, second = _sampled(library, converted), _sampled(library, converted)
    assert second.read == set()
    assert first(PRICE, UNIT) is second(PRICE, UNIT)
    assert first.read == second.read == {PRICE}
    assert not first(PRICE, UNIT).flags.writeable


def test_molar_masses_are_made_once_and_equal(library: Library) -> None:
    processes = load_processes()
    kept = RememberedParameters(_sampled(library))
    masses = molar_masses(processes, kept)
    assert masses == molar_masses(processes, _sampled(library))
    assert molar_masses(processes, kept) is masses
