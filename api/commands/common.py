"""What the commands share: options, settings, and how things are printed."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from api.settings import Settings
    from index import Facets, IndexSettings, Library
    from qa import Answerer, ModelObserver


def _or_given_first(ctx: typer.Context, home: Path | None) -> Path | None:
    """The option of the command, else the one that stands before the command."""
    return home or ctx.find_root().params.get("home")


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder of the library and its indexes.",
        metavar="FOLDER",
        callback=_or_given_first,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
From = Annotated[
    datetime.datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="Only articles of this day or later."),
]
To = Annotated[
    datetime.datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Only articles of this day or earlier."),
]
Lang = Annotated[str | None, typer.Option(help="Only articles in this language: en, fr, vi, …")]
Outlet = Annotated[str | None, typer.Option(help="Only articles of this agency or paper.")]
Speaker = Annotated[
    str | None, typer.Option(help="Only passages in which this person is named or speaks.")
]
Sector = Annotated[
    str | None, typer.Option(help="Only passages on this sector, or with these words.")
]
Passages = Annotated[int | None, typer.Option("--k", min=1, max=50, help="Passages to find.")]
Generation = Annotated[
    int | None, typer.Option(help="Ask this kept generation instead of the live one.")
]
Explain = Annotated[bool, typer.Option("--explain", help="Show the parts of each score.")]


def settings_of(home: Path | None, **api: Any) -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable is misspelt, or a value cannot be used.
    """
    from api.settings import read_settings

    return read_settings(home, **api)


def open_library(
    settings: IndexSettings, *, read_only: bool = True, create: bool = False
) -> Library:
    """The library of the home folder; a mistyped home becomes a new one only with `create`.

    Raises:
        LibraryError: it cannot be opened, or there is none.
    """
    from index import Library

    path = settings.home / "library.sqlite"
    # Opened to read, a library that is not there is refused with the way to begin one.
    missing = not create and not Library.exists(path)
    return Library(path, read_only=read_only or missing)


def open_warm(settings: Settings, observer: ModelObserver | None = None) -> Answerer:
    """An answerer that has been asked once, so that the first reader waits for no loading."""
    from threadpoolctl import threadpool_limits

    from qa import open_answerer

    answerer = open_answerer(settings.index, settings.qa, observer=observer)
    answerer.search("What was said?")
    # As many questions are answered side by side as there are cores: were each of them spread over
    # all cores, their threads would only wait for each other, and spin meanwhile.
    threadpool_limits(1, user_api="blas")
    return answerer


def facets(
    date_from: datetime.datetime | None,
    date_to: datetime.datetime | None,
    lang: str | None,
    outlet: str | None,
    speaker: str | None,
    sector: str | None,
) -> Facets:
    """The limits that the options name."""
    from index import Facets

    return Facets(
        date_from.date() if date_from else None,
        date_to.date() if date_to else None,
        lang,
        outlet,
        speaker,
        sector,
    )


def print_json(value: object) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def note(message: str) -> None:
    """One line on standard error."""
    typer.echo(message, err=True)


def plain(text: str) -> str:
    """`text` without the control characters by which an article could command the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


@contextmanager
def progress_bar(unit: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A function (stage, done, total or None) that moves a bar on standard error.

    Shows rate and time left, a bar a stage. Nothing is drawn where there is no terminal.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress

    console = Console(stderr=True)
    bar: Progress = RichProgress(
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    tasks: dict[str, int] = {}

    def move(stage: str, done: int, total: int | None) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total, rate="")
        task = bar.tasks[tasks[stage]]
        rate = f"{task.speed:,.0f} {unit}/s" if task.speed else ""
        bar.update(task.id, completed=done, total=total, rate=rate)

    with bar:
        yield move


def read_text(path: Path) -> str:
    """The text of a file, or of standard input when it is `-`.

    Raises:
        typer.BadParameter: it cannot be read, or is not UTF-8.
    """
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        # As it is: in a CSV file, a quote has the line ends of its article.
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path}: {error}") from None
