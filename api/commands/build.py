"""`onrecord build`: a new generation of the index."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from api.commands.common import Home, Json, open_library, print_json, progress_bar, settings_of


def build(
    full: Annotated[bool, typer.Option("--full", help="Embed every text anew.")] = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Make the library searchable: build an index, verify it, and let it go live.

    Texts that did not change keep their vectors. A running server moves to the new index by itself.

    Examples:
        onrecord build

        onrecord build --full --home /srv/news
    """
    from index import GenerationStore, load_embedder
    from index import build as build_index

    settings = settings_of(home).index
    with open_library(settings, read_only=False) as library, progress_bar("texts") as progress:
        report = build_index(
            library,
            GenerationStore(settings.home),
            load_embedder(settings),
            settings,
            full=full,
            progress=progress,
        )
    if as_json:
        print_json(asdict(report))
        return
    if report.unchanged:
        typer.echo(f"generation {report.generation} is up to date: nothing to embed")
        return
    typer.echo(
        f"generation {report.generation} is live: {report.articles:,} articles, "
        f"{report.passages:,} passages, {report.sentences:,} sentences"
    )
    work = f"embedded {report.embedded:,}" if report.embedded else "nothing to embed"
    typer.echo(f"{work}, reused {report.reused:,}, removed {report.removed:,}")
    typer.echo(", ".join(f"{stage} {took:.1f} s" for stage, took in report.seconds.items()))
