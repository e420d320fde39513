"""Commands that are loaded when they are asked for, so that each starts as fast as it can."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import typer
import typer.core
import typer.main

__all__ = ["lazy_group"]


@cache
def _load(name: str, place: str) -> Any:
    module = importlib.import_module(place)
    if hasattr(module, "app"):
        command = typer.main.get_group(module.app)  # unlike get_command, without completion
        command.name = name
        return command
    holder = typer.Typer()
    module.add_to(holder)
    return typer.main.get_group(holder).commands[name]


def lazy_group(places: dict[str, str]) -> type[typer.core.TyperGroup]:
    """A group whose commands stand in modules of their own.

    ``places`` maps a command to the module that holds it: as ``app``, a group of commands, or
    through ``add_to(app)``, which adds it to an empty group.
    """

    class Lazy(typer.core.TyperGroup):
        """Knows the names of its commands, and loads one when it is asked for."""

        def list_commands(self, ctx: Any) -> list[str]:
            """The names, in the order in which they are told."""
            return list(places)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """The command of this name, or nothing."""
            return _load(cmd_name, places[cmd_name]) if cmd_name in places else None

    return Lazy
