"""Damages to the files of a home: flipped bits, cuts, swaps, files that are missing or too many."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from index import GenerationStore

HEAD = 128  # bytes: where a file says what it is
EACH = 20  # flips of each file at least


@dataclass(frozen=True)
class Damage:
    """What is done to one file, and how to say it."""

    file: Path
    how: str
    do: Callable[[Path], object]

    @contextmanager
    def done(self) -> Iterator[None]:
        """The damage is there for a while."""
        before = self.file.read_bytes() if self.file.exists() else None
        had_folder = self.file.parent.exists()
        self.do(self.file)
        try:
            yield
        finally:
            if before is not None:
                self.file.write_bytes(before)
            elif had_folder:
                self.file.unlink()
            else:
                shutil.rmtree(self.file.parent)


def files_of(folder: Path) -> list[Path]:
    """The files of a generation that hold anything, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def flips(lot: Random, files: Sequence[Path], n: int) -> list[Damage]:
    """EACH flips of each file, or fewer alike where `n` is too small; half of them in its head.

    What is left of `n` is drawn over all bits of all files.
    """
    bits = [8 * path.stat().st_size for path in files]
    each = max(min(EACH, n // len(files)), 2)
    sized = list(zip(files, bits, strict=True))
    chosen = {(path, bit) for path, size in sized for bit in _bits(lot, size, each)}
    while len(chosen) < n:
        [(path, size)] = lot.choices(sized, bits)
        chosen.add((path, lot.randrange(size)))
    return [flip(path, bit) for path, bit in sorted(chosen)]


def _bits(lot: Random, size: int, n: int) -> list[int]:
    head = range(min(size, 8 * HEAD))
    chosen = lot.sample(head, min(len(head), n // 2))
    rest = sorted(set(head) - set(chosen)) if size <= 8 * HEAD else range(8 * HEAD, size)
    return chosen + lot.sample(rest, min(len(rest), n - len(chosen)))


def flip(path: Path, bit: int) -> Damage:
    """One bit is another."""
    return Damage(path, f"bit {bit} flipped", partial(_flip, bit))


def _flip(bit: int, path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def truncations(lot: Random, files: Sequence[Path], n: int) -> list[Damage]:
    """Files cut to a shorter length, one in five to nothing."""
    sizes = [
        (path, 0 if at % 5 == 0 else lot.randrange(path.stat().st_size))
        for at, path in enumerate(lot.choices(files, k=n))
    ]
    return [Damage(path, f"cut to {size} bytes", partial(_cut, size)) for path, size in sizes]


def _cut(size: int, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:size])


def swaps(lot: Random, store: GenerationStore, n: int) -> list[Damage]:
    """Files of the live generation that hold what those of another one do.

    The other is of the same name, or of the same kind where the engine names its files by lot.
    """
    live = store.folder(store.current())
    pairs = []
    for path in files_of(live):
        for number in store.kept():
            twin = store.folder(number) / path.relative_to(live)
            others = [twin] if twin.exists() else sorted(twin.parent.glob(f"*{path.suffix}"))
            pairs += [(path, one) for one in others if one.read_bytes() != path.read_bytes()]
    return [
        Damage(path, f"that of {other.relative_to(live.parent)}", partial(shutil.copyfile, other))
        for path, other in lot.sample(pairs, min(n, len(pairs)))
    ]


def removals(files: Sequence[Path]) -> list[Damage]:
    """Each file is missing."""
    return [Damage(path, "missing", Path.unlink) for path in files]


def additions(folder: Path) -> list[Damage]:
    """Files that do not belong to a generation."""
    names = ("notes.txt", "lexical/0.store", "lexical/manifest.json", ".hidden", "deep/file.npy")
    return [Damage(folder / name, "added", _make) for name in names]


def _make(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"more")
