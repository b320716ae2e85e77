"""Flip bits of a home, cut its files, swap them, take some away, add some: each must be found.

    python -m tests.campaigns.damage [--seed N] [--quick] [--folder F] [--flips 500]

A damaged generation is refused by the name of the file, and the older one serves as on record.
CURRENT has no hash of its own: with it a reply must be that on record of the generation it names.
Damage to the library must be refused, or change no reply and be found by `onrecord doctor`, unless
it is to bytes that hold nothing.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from index import (
    DamagedGenerationError,
    GenerationStore,
    IndexingError,
    IndexSettings,
    Library,
    UnknownFormatError,
    examine,
    open_current,
    open_snapshot,
)
from tests.campaigns.damaging import (
    Damage,
    additions,
    files_of,
    flip,
    flips,
    removals,
    swaps,
    truncations,
)
from tests.campaigns.expecting import Fault, Reference, copied, replies
from tests.campaigns.reporting import Campaign, campaign, options
from tests.campaigns.scenario import STEPS


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--flips", type=int, default=500, help="flips over all files")
    chosen = parser.parse_args()
    with campaign("damage", chosen) as running:
        reference = Reference(running.folder)
        home = after_all_steps(running.folder, reference)
        n = chosen.flips // 10 if running.quick else chosen.flips
        damage_generation(running, reference, home, n)
        damage_rest(running, reference, home, n)


def after_all_steps(folder: Path, reference: Reference) -> Path:
    """A home with two generations, the newer of which serves."""
    home = Path(shutil.copytree(reference.home, folder / "damaged"))
    with Library(home / "library.sqlite") as library:
        for act in STEPS.values():
            act(library, GenerationStore(home))
    return home


def damage_generation(running: Campaign, reference: Reference, home: Path, n: int) -> None:
    """Each damage to the live generation, one at a time."""
    store = GenerationStore(home)
    live = store.folder(store.current())
    files = files_of(live)
    damages = {
        "flips": flips(running.lot, files, n),
        "truncations": truncations(running.lot, files, n // 10),
        "swaps": swaps(running.lot, store, n // 25),
        "files missing": removals(files),
        "files added": additions(live),
    }
    for what, cases in damages.items():
        for damage in running.over(what, cases):
            name = damage.file.relative_to(live).as_posix()
            with damage.done():
                running.judge(f"{name}, {damage.how}", generation_faults(home, reference, name))


def generation_faults(home: Path, reference: Reference, name: str) -> Iterator[Fault]:
    """The live generation is refused by the file's name, and the older one serves as on record."""
    store = GenerationStore(home)
    live = store.current()
    with Library(home / "library.sqlite", read_only=True) as library:
        try:
            open_snapshot(store, live, library)
            yield Fault("torn", "it was opened")
        except DamagedGenerationError as error:
            if error.file != name:
                yield Fault("wrong", f"it was refused for {error.file}")
        except UnknownFormatError:
            if name != "manifest.json":
                yield Fault("wrong", "it was refused for its format")
        snapshot, refused = open_current(store, library)
        if snapshot.number == live or not refused:
            yield Fault("wrong", f"generation {snapshot.number} serves, {refused} refused")
        elif replies(library, store, snapshot.number) != reference.replies(snapshot.number):
            yield Fault("wrong", f"generation {snapshot.number} replies otherwise")


def damage_rest(running: Campaign, reference: Reference, home: Path, n: int) -> None:
    """Each damage to CURRENT and to the library, in a copy each; says what became of them."""
    current, library = home / "CURRENT", home / "library.sqlite"
    damages: dict[str, Sequence[Damage]] = {
        "flips of CURRENT": [flip(current, bit) for bit in range(8 * current.stat().st_size)],
        "flips of the library": flips(running.lot, [library], n // 2),
        "truncations of the library": truncations(running.lot, [library], n // 25),
    }
    live = GenerationStore(home).current()
    for what, cases in damages.items():
        outcomes: Counter[str] = Counter()
        for damage in running.over(what, cases):
            with copied(home, running.folder) as copy:
                damage.do(copy / damage.file.name)
                outcome, faults = home_outcome(copy, reference, live)
                outcomes[outcome] += 1
                running.judge(f"{damage.file.name}, {damage.how}", faults)
        running.say(f"{what}: " + ", ".join(f"{name} {k}" for name, k in outcomes.most_common()))


def home_outcome(home: Path, reference: Reference, live: int) -> tuple[str, list[Fault]]:
    """What became of a damaged home, in a word; and its replies that are not those on record."""
    try:
        with Library(home / "library.sqlite", read_only=True) as library:
            store = GenerationStore(home)
            snapshot, refused = open_current(store, library)
            told = replies(library, store, snapshot.number)
    except IndexingError as error:
        return f"refused ({type(error).__name__})", []
    except Exception as error:  # whatever it is, it is not explained
        words = f"{type(error).__name__}: {error}"
        return "ended in an error of its own", [Fault("stuck", words)]
    if told != reference.replies(snapshot.number):
        return "replies otherwise", [Fault("wrong", f"a reply of generation {snapshot.number}")]
    if refused:
        return "fell back", []
    if snapshot.number != live:
        return "another generation serves", []
    return f"replies as before, {doctors_word(home)}", []


def doctors_word(home: Path) -> str:
    """Whether the check of the library that `onrecord doctor` makes has found anything."""
    for finding in examine(IndexSettings(home=home)):
        if finding.check == "library" and finding.state == "problem":
            return "found by the doctor"
        if finding.check not in ("home", "library"):
            break
    return "not found"


if __name__ == "__main__":
    main()
