"""`onrecord use`: another kept generation goes live, older or newer."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.common import Home, note, settings_of


def use(
    number: Annotated[int, typer.Argument(metavar="N", help="A generation that `status` lists.")],
    home: Home = None,
) -> None:
    """Let another kept index serve: go back to an older one, or take one that was kept aside.

    It is verified first. A running server moves to it by itself. The next build makes a new index
    of the library as it is then.

    Examples:
        onrecord use 11
    """
    from index import GenerationError, GenerationStore

    settings = settings_of(home).index
    store = GenerationStore(settings.home)
    try:
        before = store.current()
    except GenerationError:
        before = None
    manifest = store.use(number)
    if before == number:
        typer.echo(f"generation {number} was live already; it is whole")
    else:
        was = "none was live before" if before is None else f"generation {before} was live before"
        typer.echo(f"generation {number} is live: {manifest.counts['articles']:,} articles; {was}")
    if manifest.encoder != settings.encoder:
        note(
            f"it was built with encoder {manifest.encoder!r}: set ONRECORD_ENCODER to that, "
            f"which is now {settings.encoder!r}"
        )
