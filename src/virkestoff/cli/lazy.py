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


@cache
def _guests(group: str) -> dict[str, str]:
    """Commands of other packages, by name: the module that holds each."""
    from importlib.metadata import entry_points  # looked for only when no own command is meant

    return {entry.name: entry.value for entry in entry_points(group=group)}


def lazy_group(places: dict[str, str], guests: str = "") -> type[typer.core.TyperGroup]:
    """A group whose commands stand in modules of their own.

    ``places`` maps a command to the module that holds it: as ``app``, a group of commands, or
    through ``add_to(app)``, which adds it to an empty group. ``guests`` is the group of entry
    points through which other packages add theirs.
    """

    class Lazy(typer.core.TyperGroup):
        """Knows the names of its commands, and loads one when it is asked for."""

        def list_commands(self, ctx: Any) -> list[str]:
            """The names, in the order in which they are told."""
            return [*places, *(_guests(guests) if guests else ())]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """The command of this name, or nothing."""
            if cmd_name in places:
                return _load(cmd_name, places[cmd_name])
            place = _guests(guests).get(cmd_name) if guests else None
            return _load(cmd_name, place) if place else None

    return Lazy
