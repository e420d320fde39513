"""Independent tasks on several cores: forked processes where the system has them, else threads.

Blocks of draws share nothing but what is read, and an array operation on a block takes
microseconds, so threads spend more on taking turns than they gain. A forked process sees the study,
the library and ``evaluate`` as they are, without copying, and sends back what is kept of a block.
Which process does which task cannot be seen in a result.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

__all__ = ["done"]

T = TypeVar("T")
Said = list[tuple[str, type[Warning]]]


def done(work: Callable[[int], T], n_tasks: int, n_workers: int) -> Iterator[tuple[int, T]]:
    """``(i, work(i))`` for i below ``n_tasks``, in the order in which they become ready.

    Whatever a task raises is raised here. Warnings of tasks are issued here.
    """
    n = min(n_workers, n_tasks)
    if n <= 1:
        return ((i, work(i)) for i in range(n_tasks))
    return _forked(work, n_tasks, n) if _can_fork() else _threaded(work, n_tasks, n)


def _can_fork() -> bool:
    """Forking beside other threads that compute could copy a lock that they hold."""
    is_main = threading.current_thread() is threading.main_thread()
    return sys.platform == "linux" and is_main


def _threaded(work: Callable[[int], T], n_tasks: int, n: int) -> Iterator[tuple[int, T]]:
    with ThreadPoolExecutor(n) as pool:
        pending: dict[Future[T], int] = {pool.submit(work, i): i for i in range(n_tasks)}
        try:
            for future in as_completed(pending):
                yield pending[future], future.result()
        finally:
            for future in pending:
                future.cancel()


def _forked(work: Callable[[int], T], n_tasks: int, n: int) -> Iterator[tuple[int, T]]:
    processes = _started(work, n_tasks, n)
    left = set(range(n_tasks))
    try:
        while processes:
            for reader in wait(list(processes)):
                assert isinstance(reader, Connection)
                try:
                    index, is_good, value, said = reader.recv()
                except EOFError:
                    processes.pop(reader).join()
                    reader.close()
                    continue
                for message, kind in said:
                    warnings.warn(message, kind, stacklevel=2)
                left.discard(index)
                # What failed there is done again here, where it raises with its own trace.
                yield index, value if is_good else work(index)
        for index in sorted(left):  # a process was killed, for instance since memory ran out
            yield index, work(index)
    finally:
        for reader, process in processes.items():
            process.terminate()
            process.join()
            reader.close()


def _started(work: Callable[[int], T], n_tasks: int, n: int) -> dict[Connection, BaseProcess]:
    context = multiprocessing.get_context("fork")
    following = context.Value("i", 0)
    processes: dict[Connection, BaseProcess] = {}
    with warnings.catch_warnings():
        # Newer Pythons warn of any other thread; the one here draws the progress bar.
        warnings.simplefilter("ignore", DeprecationWarning)
        for _ in range(n):
            reader, writer = context.Pipe(duplex=False)
            process = context.Process(target=_serve, args=(work, n_tasks, following, writer))
            process.daemon = True
            process.start()
            writer.close()
            processes[reader] = process
    return processes


def _serve(work: Callable[[int], T], n_tasks: int, following: Any, writer: Connection) -> None:
    """In the new process: take the next task until there is none, then leave without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends this process
    try:
        while True:
            with following.get_lock():
                index = following.value
                following.value += 1
            if index >= n_tasks:
                break
            writer.send((index, *_answer(work, index)))
    finally:
        os._exit(0)  # open files and exit handlers are the parent's


def _answer(work: Callable[[int], T], index: int) -> tuple[bool, T | None, Said]:
    # What is suppressed is raised by the parent, which does the task again.
    with warnings.catch_warnings(record=True) as caught, contextlib.suppress(Exception):
        value = work(index)
        return True, value, [(str(w.message), w.category) for w in caught]
    return False, None, []
