"""`onrecord add` and `status`: what is in the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.common import (
    Home,
    Json,
    note,
    open_library,
    plain,
    print_json,
    progress_bar,
    settings_of,
)

if TYPE_CHECKING:
    from index import Article


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Text, Markdown or JSON Lines files, or folders."),
    ],
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Take articles into the library; they are found after the next build.

    JSON Lines hold an article a line: id, title, text, date, source, lang, url; only text is
    required. Exit 1 when anything was refused; all the rest is in. Articles that had been removed
    and are still in the files come back, and are named.

    Examples:
        onrecord add seeds/

        onrecord add 2024.jsonl.gz 2025.jsonl.gz --home /srv/news
    """
    from index import ImportRefusedError, read_paths

    counts = dict.fromkeys(("added", "changed", "unchanged"), 0)
    returned: list[str] = []
    refused: list[ImportRefusedError] = []

    def readable() -> Iterator[Article]:
        for item in read_paths(paths):
            if isinstance(item, ImportRefusedError):
                refused.append(item)
            else:
                yield item

    settings = settings_of(home).index
    with (
        open_library(settings, read_only=False, create=True) as library,
        progress_bar("articles") as progress,
    ):
        for done, (article, outcome) in enumerate(library.put_many(readable()), 1):
            counts[outcome] += 1
            if outcome == "added" and len(library.revisions(article.id)) > 1:
                returned.append(article.id)
            progress("add", done, None)
    if as_json:
        listed = [{"where": each.where, "reason": each.reason} for each in refused]
        print_json({**counts, "returned": returned, "refused": listed})
    else:
        words = [f"{count:,} {outcome}" for outcome, count in counts.items()]
        typer.echo(", ".join([*words, f"{len(refused):,} refused"]))
        for article_id in returned:
            note(plain(f"back after its removal: {article_id}"))
        for each in refused:
            note(plain(f"refused {each.where}: {each.reason}"))
        if counts["added"] or counts["changed"]:
            note("run `onrecord build` to make them searchable; a running server does it by itself")
    if refused:
        raise typer.Exit(1)


def status(as_json: Json = False, home: Home = None) -> None:
    """Say what is in the library, and which index serves it.

    Examples:
        onrecord status

        onrecord status --json
    """
    from index import GenerationStore, Library, unfinished_purges

    settings = settings_of(home).index
    articles = revision = 0
    if Library.exists(settings.home / "library.sqlite"):
        with open_library(settings) as library:
            articles, revision = library.count(), library.revision
    store = GenerationStore(settings.home)
    state: dict[str, Any] = {
        "home": str(settings.home),
        "articles": articles,
        "library_revision": revision,
        "live": None,
        "kept": list(store.kept()),
        "aside": list(store.aside()),
        "unfinished_purges": sorted(unfinished_purges(settings.home)),
        "up_to_date": False,
    }
    if store.kept() or store.aside():
        manifest = store.manifest(store.current())
        state["live"] = {
            "generation": manifest.number,
            "created": manifest.created,
            "encoder": manifest.encoder,
            "counts": dict(manifest.counts),
            "library_revision": manifest.library_revision,
            "digest": manifest.digest,
        }
        state["up_to_date"] = manifest.library_revision == revision
    if as_json:
        print_json(state)
    else:
        _show_status(state)


def _show_status(state: dict[str, Any]) -> None:
    live = state["live"]
    typer.echo(f"home      {state['home']}")
    typer.echo(f"library   {state['articles']:,} articles, revision {state['library_revision']}")
    for article_id in map(plain, state["unfinished_purges"]):
        typer.echo(f"purge     of {article_id} is unfinished: repeat `onrecord remove --purge`")
    if live is None:
        typer.echo("index     none yet: run `onrecord build`")
        return
    counts = ", ".join(f"{count:,} {name}" for name, count in live["counts"].items())
    typer.echo(f"index     generation {live['generation']} of {live['created']}: {counts}")
    typer.echo(f"encoder   {live['encoder']}")
    typer.echo(f"kept      {', '.join(map(str, state['kept']))}")
    if state["aside"]:
        typer.echo(f"aside     {', '.join(map(str, state['aside']))}")
    if not state["up_to_date"]:
        typer.echo("The library has changed since: run `onrecord build`.")
