"""`onrecord remove`: articles leave the library, and the proof that nothing of them is left."""

from __future__ import annotations

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
    from api.settings import Settings
    from index import Erasure, Proof


def remove(
    article_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles.")],
    prove: Annotated[
        bool, typer.Option("--prove", help="Build, then count what is left and ask for it.")
    ] = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="As --prove, and erase the texts from the disk.")
    ] = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Take articles out of the library; answers stop quoting them with the next build.

    --prove builds at once, counts every trace before and after, and asks for the article with its
    own sentences; exit 0 only when nothing is found. Older indexes that are kept for rollback may
    still hold it, and are named.

    --purge also discards those indexes, deletes every wording of the article, writes the library's
    file anew, and reads every file of the home for its sentences; exit 0 only when none is found.
    It works on articles that were removed before. Interrupted, it is completed by repeating it.

    Out of reach are backups and copies of the home, replies that were saved, blocks of the disk
    that no file uses any more, and calibration.json, which holds no text. A running server lets go
    of the old index within ONRECORD_REFRESH_SECONDS, and with the last reply under way.

    Exit 1 when an id was not there; the others are gone all the same.

    Examples:
        onrecord remove vnexpress-4711 vnexpress-4712

        onrecord remove vnexpress-4711 --prove

        onrecord remove vnexpress-4711 --purge --json
    """
    settings = settings_of(home)
    if prove or purge:
        _remove_and_prove(settings, article_ids, purge=purge, as_json=as_json)
        return
    removed: list[str] = []
    missing: list[str] = []
    with open_library(settings.index, read_only=False) as library:
        for article_id in article_ids:
            (removed if library.remove(article_id) else missing).append(article_id)
    if as_json:
        print_json({"removed": removed, "missing": missing})
    else:
        for article_id in removed:
            typer.echo(f"removed {plain(article_id)}")
        for article_id in missing:
            note(f"not in the library: {plain(article_id)}")
        if removed:
            note("run `onrecord build` to take them out of the index")
    if missing:
        raise typer.Exit(1)


def _remove_and_prove(
    settings: Settings, article_ids: list[str], *, purge: bool, as_json: bool
) -> None:
    from index import Erasure, GenerationStore

    with open_library(settings.index, read_only=False) as library:
        store = GenerationStore(settings.index.home)
        erasure = Erasure(library, store, article_ids, purge=purge)
        for article_id in erasure.remove():
            note(f"removed {plain(article_id)}")
        for article_id in erasure.unknown:
            note(f"nothing is known of {plain(article_id)}")
        proofs = _build_and_prove(settings, erasure) if erasure.subjects else []
    if as_json:
        print_json({"proofs": [_as_json(proof) for proof in proofs], "unknown": erasure.unknown})
    else:
        for proof in proofs:
            _show(proof)
    if erasure.unknown or not all(proof.ok for proof in proofs):
        raise typer.Exit(1)


def _build_and_prove(settings: Settings, erasure: Erasure) -> list[Proof]:
    from api.erasing import prove, when_free
    from index import GenerationStore, build, load_embedder
    from qa import Opener

    store, embedder = GenerationStore(settings.index.home), load_embedder(settings.index)
    with open_library(settings.index, read_only=False) as library:
        with progress_bar("texts") as bar:
            when_free(lambda: build(library, store, embedder, settings.index, progress=bar))
        opener = Opener(settings.index, settings.qa, library, [embedder])
        return prove(erasure, opener(store.current()))


def _as_json(proof: Proof) -> dict[str, Any]:
    from api.article_schemas import ProofOut

    return ProofOut.of(proof).model_dump()


def _show(proof: Proof) -> None:
    """A table of what there was and is, then what was asked and read, then the verdict."""
    id = plain(proof.article_id)
    typer.echo(f"{id}: generation {proof.generation} serves\n")
    typer.echo(f"{'':<18}{'live':>14}{'kept for rollback':>22}")
    for count in proof.counts:
        if any((*count.live, *count.kept)):
            live, kept = (f"{before:,} → {after:,}" for before, after in (count.live, count.kept))
            typer.echo(f"{count.place.replace('_', ' '):<18}{live:>14}{kept:>22}")
    asked = proof.probe
    typer.echo(
        f"\nasked with {asked.asked} of its sentences: "
        f"{asked.hits} passages and {asked.quotes} quotes of it"
    )
    others = sorted({*asked.copies, *proof.shared_with})
    if others:
        typer.echo(f"other articles with the same sentences: {plain(', '.join(others))}")
    if proof.remains:
        typer.echo(
            f"{proof.remains.files} files ({proof.remains.bytes:,} bytes) read for "
            f"{proof.remains.looked_for} of its sentences: found in {len(proof.remains.found)}"
        )
        for file, words in proof.remains.found.items():
            typer.echo(f"  {plain(file)}: {len(words)}")
        typer.echo(f"rows of library.sqlite that name it: {proof.named}")
    if proof.kept_in:
        numbers = ", ".join(map(str, proof.kept_in))
        typer.echo(f"kept generations that hold it: {numbers}; --purge discards them")
    if proof.unreadable:
        numbers = ", ".join(map(str, proof.unreadable))
        typer.echo(f"damaged generations that may hold it: {numbers}; --purge discards them")
    if proof.ok:
        gone = "gone from every file" if proof.is_purged else "gone from all that answers come from"
        typer.echo(f"proved: {id} is {gone}")
    else:
        typer.echo(f"NOT PROVED: something of {id} is left, see above")
