"""``virkestoff hub``: serve the site, run its worker, add users, copy and restore its data.

Nothing of Django is loaded before a command runs, so that the command line starts as fast as it
did, and says what to install where the hub's own packages are missing.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from virkestoff.errors import Fault, InputError

__all__ = ["app"]

app = typer.Typer(
    name="hub", help="Serve the site: guide, schemes, figures and sources in a browser.",
    no_args_is_help=True,
)  # fmt: skip
NEEDED = ("django", "django_htmx", "django_otp", "django_tasks", "django_tasks_db", "gunicorn",
          "ninja", "segno", "whitenoise")  # fmt: skip

DataOption = Annotated[
    Path | None, typer.Option(help="Folder of your own data; the hub keeps its own in hub/ there.")
]


def _ready(data: Path | None, demo: bool = False, library: Path | None = None) -> None:
    """Check that the hub is installed, and tell its settings what the options say."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            Fault("virkestoff hub", f"lacks {', '.join(missing)}",
                  "the site has packages of its own, which the engine does without",
                  "Install them with: pip install 'virkestoff[hub]'")
        )  # fmt: skip
    if data is not None:
        os.environ["VIRKESTOFF_DATA"] = str(data.expanduser().resolve())
    if demo:
        os.environ["VIRKESTOFF_HUB_DEMO"] = "1"
    if library is not None:
        os.environ["VIRKESTOFF_HUB_LIBRARY"] = str(library.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "virkestoff_hub.settings"
    import django

    django.setup()


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    data: DataOption = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Show synthetic companies, always marked.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    library: Annotated[
        Path | None,
        typer.Option(help="Folder with the library (default: the one that came along)."),
    ] = None,
) -> None:
    """Prepare the database, load the library and serve, with a worker for long runs.

    Stop it with Ctrl-C. Settings are environment variables (docs/howto/serve.md).
    """
    _ready(data, demo, library)
    from virkestoff_hub.server import serve_site

    serve_site(host, port, workers)


@app.command()
def worker(data: DataOption = None) -> None:
    """Run what waits in the background, until it is stopped (where the site runs elsewhere)."""
    _ready(data)
    from virkestoff_hub.runs.worker import work

    work()


@app.command()
def remind(data: DataOption = None) -> None:
    """Send reminders of requests that are due, and hand old ones to brokers.

    Each thing is sent once, however often this runs; the worker does the same.
    """
    _ready(data)
    from virkestoff_hub.requests.reminders import remind as send_due

    n_reminders, n_escalated = send_due()
    typer.echo(f"reminders: {n_reminders}, to brokers: {n_escalated}")


@app.command()
def prepare(data: DataOption = None) -> None:
    """Prepare database and static files, and check the settings (before a server of your own)."""
    _ready(data)
    from virkestoff_hub.server import prepare_site

    prepare_site()
    from django.core.management import call_command

    call_command("check", deploy=os.environ.get("VIRKESTOFF_HUB_MODE") == "production")


@app.command("publish-studies")
def publish_studies(
    studies: Annotated[
        list[str] | None, typer.Argument(help="Studies to run (default: all that came along).")
    ] = None,
    draws: Annotated[int, typer.Option(min=20, help="Draws of uncertain quantities.")] = 2000,
    data: DataOption = None,
) -> None:
    """Run studies as they stand and show their results to everybody on the site."""
    _ready(data)
    from virkestoff_hub.engine import bench
    from virkestoff_hub.studies.work import publish

    for study in studies or bench().study_names():
        typer.echo(f"{study}: {publish(study, draws, lambda *said: None)}")


@app.command("add-user")
def add_user(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[
        str,
        typer.Option(help="company, provider, broker, analyst, editor or administrator."),
    ] = "company",
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    data: DataOption = None,
) -> None:
    """Add a user; the password is asked for, or read from a line of standard input."""
    _ready(data)
    import sys

    from virkestoff_hub.accounts.people import add_person

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    add_person(name, role, password, email)
    typer.echo(f"{name}: {role}")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write (.zip); must not be there.")],
    data: DataOption = None,
) -> None:
    """Copy what the hub owns into one file, also while the site runs.

    Database (SQLite), secret key, runs, published studies and letters. PostgreSQL has a tool of its
    own for the database: run pg_dump first, then this.
    """
    _ready(data)
    from virkestoff_hub.backups import holds_database, write_backup

    write_backup(file)
    typer.echo(str(file))
    if not holds_database():
        typer.echo("The database is not in it: copy it with pg_dump --format=custom.", err=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="File that backup wrote.")],
    data: DataOption = None,
) -> None:
    """Put a copy back into an empty data folder; nothing that is there is overwritten.

    Everything in the copy is checked before anything is put in place.
    """
    _ready(data)
    from virkestoff_hub.backups import holds_database, restore_backup

    restore_backup(file)
    typer.echo("restored")
    if not holds_database():
        typer.echo("The database was not in it: put it back with pg_restore.", err=True)
