"""`onrecord backup` and `restore`: a home in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.common import Home, Json, note, print_json, progress_bar, settings_of


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to; .gz and .tgz are compressed.")
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Every kept index, not the live one.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Write the library and the live index to one file; a server may run and write meanwhile.

    Exit 1 when an index was left out because it is damaged; the library is in the file.

    Examples:
        onrecord backup news.tar

        onrecord backup /mnt/backups/news.tgz --all --force
    """
    from index import write_backup

    settings = settings_of(home).index
    with progress_bar("steps") as progress:
        report = write_backup(
            settings.home, file, tables=settings.tables, every=every, force=force, progress=progress
        )
    contents = report.contents
    if as_json:
        print_json(
            {
                "file": str(file),
                "bytes": report.size,
                "articles": contents.articles,
                "library_revision": contents.library_revision,
                "generations": list(contents.generations),
                "live": contents.live,
                "left_out": list(report.left_out),
            }
        )
    else:
        typer.echo(f"{file}: {_counted(contents.articles, contents.generations)}")
    for fault in report.left_out:
        note(f"left out: {fault}")
    if report.left_out:
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Move a home that is there aside first.")
    ] = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Make a backup the home, which must be missing or empty; everything is verified before.

    Examples:
        onrecord restore news.tar --home /srv/news

        onrecord restore news.tar --force
    """
    from index import restore_backup

    settings = settings_of(home).index
    with progress_bar("steps") as progress:
        report = restore_backup(file, settings.home, force=force, progress=progress)
    contents = report.contents
    if as_json:
        print_json(
            {
                "home": str(report.home),
                "created": contents.created,
                "articles": contents.articles,
                "library_revision": contents.library_revision,
                "generations": list(contents.generations),
                "live": contents.live,
                "moved_aside": report.aside and str(report.aside),
            }
        )
        return
    typer.echo(
        f"{report.home} is as on {contents.created}: "
        f"{_counted(contents.articles, contents.generations)}"
    )
    if report.aside:
        note(f"what was there is in {report.aside}")
    if contents.live is None:
        note("the backup holds no index: run `onrecord build`")


def _counted(articles: int, generations: tuple[int, ...]) -> str:
    names = ", ".join(map(str, generations)) or "none"
    return f"{articles:,} articles, generations: {names}"
