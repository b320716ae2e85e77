"""`onrecord key`: API keys are made, listed and revoked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.commands.common import Home, Json, note, plain, print_json, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from index import Key, KeyStore

key = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@key.callback()
def keys() -> None:
    """Make, list and revoke API keys; a running server follows at once.

    On this machine reading needs no key, and writing needs one as soon as there is one. From
    elsewhere everything does. A key is sent as `Authorization: Bearer KEY` or `X-API-Key: KEY`.
    """


@key.command()
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Whose key it is, or what it is for.")
    ],
    scope: Annotated[
        Literal["read", "write"],
        typer.Option(help="What it may do: read, or write as well."),
    ] = "read",
    rate: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=100_000,
            help="Requests a minute, 0 for any number; ONRECORD_RATE_PER_MINUTE without it.",
        ),
    ] = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Make a key and print it, this once: only a hash of it is kept.

    The key alone stands on standard output, so that it can go straight to where it is to be kept.

    Examples:
        onrecord key new newsroom

        onrecord key new importer --scope write --rate 60 > importer.key
    """
    made, secret = _store(home).new(name, scope, rate)
    if as_json:
        print_json({**asdict(made), "key": secret})
    else:
        typer.echo(secret)
    note(f"key {made.id}, to {_may(made)}: it is not shown again; `onrecord key revoke {made.id}`")


@key.command("list")
def list_keys(as_json: Json = False, home: Home = None) -> None:
    """Every key there ever was, the oldest first, without its secret.

    Examples:
        onrecord key list

        onrecord key list --json
    """
    made = _store(home).all()
    if as_json:
        print_json({"keys": [asdict(each) for each in made]})
        return
    for each in made:
        state = f"revoked {_day(each.revoked)}" if each.revoked else "active"
        rate = "default" if each.rate is None else f"{each.rate or 'any'}/min"
        made_on = _day(each.created)
        typer.echo(
            f"{each.id}  {each.scope:<6} {rate:<11} made {made_on}  {state:<18} {plain(each.name)}"
        )
    if not made:
        note("no key was made yet: `onrecord key new NAME`")


@key.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="An id that `key list` shows.")],
    as_json: Json = False,
    home: Home = None,
) -> None:
    """The key opens nothing any more, from the next request on, and for good.

    Requests that it has been let in with are answered. A restored backup brings the keys back as
    they were when it was made.

    Examples:
        onrecord key revoke 3f9a1c04be72
    """
    store = _store(home)
    gone = store.revoke(key_id)
    if as_json:
        print_json(asdict(gone))
    else:
        typer.echo(plain(f"key {gone.id} ({gone.name}) is revoked since {gone.revoked}"))


def _store(home: Path | None) -> KeyStore:
    from index import KeyStore

    return KeyStore(settings_of(home).index.home / "library.sqlite")


def _may(made: Key) -> str:
    return "read" if made.scope == "read" else "read and write"


def _day(time: str) -> str:
    return time[:10]
