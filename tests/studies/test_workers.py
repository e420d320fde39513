"""Workers. Oracle: the same tasks one after another."""

import os
import threading
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from virkestoff.errors import Fault, InputError, RangeWarning
from virkestoff.studies.workers import done


def _square(index: int) -> np.ndarray:
    return np.full(1000, float(index)) ** 2


@pytest.mark.parametrize("n_workers", [1, 2, 5])
@pytest.mark.parametrize("n_tasks", [0, 1, 7])
def test_every_task_is_done_once(n_tasks: int, n_workers: int) -> None:
    found = list(done(_square, n_tasks, n_workers))
    assert sorted(index for index, _ in found) == list(range(n_tasks))
    for index, value in found:
        assert value.tobytes() == _square(index).tobytes()


def _in_a_thread(action: Callable[[], None]) -> None:
    """Away from the main thread nothing is forked."""
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()


def test_threads_do_the_same_where_forking_is_not_safe() -> None:
    found: dict[int, tuple[float, int]] = {}

    def action() -> None:
        found.update(done(lambda i: (2.0 * i, os.getpid()), 6, 2))

    _in_a_thread(action)
    assert found == {i: (2.0 * i, os.getpid()) for i in range(6)}


@pytest.mark.parametrize("n_workers", [1, 2])
def test_what_a_task_raises_is_raised(n_workers: int) -> None:
    def work(index: int) -> int:
        if index == 3:
            raise InputError(Fault("here", "is wrong", why="because", next_step="mend it"))
        return index

    with pytest.raises(InputError, match="mend it"):
        list(done(work, 5, n_workers))


@pytest.mark.parametrize("n_workers", [1, 2])
def test_warnings_of_tasks_are_heard(n_workers: int) -> None:
    def work(index: int) -> int:
        warnings.warn(f"task {index}", RangeWarning, stacklevel=2)
        return index

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RangeWarning)
        assert sorted(done(work, 3, n_workers)) == [(0, 0), (1, 1), (2, 2)]
    assert sorted(str(w.message) for w in caught) == ["task 0", "task 1", "task 2"]


def test_a_task_whose_process_dies_is_done_by_the_parent() -> None:
    parent = os.getpid()

    def work(index: int) -> int:
        if index == 1 and os.getpid() != parent:
            os._exit(1)
        return index

    assert sorted(done(work, 4, 2)) == [(i, i) for i in range(4)]


def test_leaving_early_ends_the_processes() -> None:
    tasks = done(_square, 50, 2)
    next(tasks)
    tasks.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(tasks)
