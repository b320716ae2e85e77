"""Remains: in which files of a home the words of an article still stand, byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError

_CHUNK = 1 << 23
_BLOCK = 8  # bytes
_BITS = 20
_SHORTEST = 40  # characters: shorter sentences may well stand in other articles too


@dataclass(frozen=True)
class Remains:
    """How much was read, what was looked for, and the files (below the home) that hold any of it.

    `found` maps each such file to the words found in it.
    """

    files: int
    bytes: int
    looked_for: int
    found: dict[str, frozenset[str]] = field(default_factory=dict)


def telling(sentences: Iterable[str]) -> tuple[str, ...]:
    """Those long enough to tell an article by; without such, the longest one. Each once."""
    every = dict.fromkeys(sentences)
    long = tuple(sentence for sentence in every if len(sentence) >= _SHORTEST)
    return long or tuple(sorted(every, key=len)[-1:])


def find_remains(home: Path, words: Collection[str], leave_out: Collection[Path] = ()) -> Remains:
    """Read every file below `home`, but those left out, for any of the `words`.

    They are looked for in UTF-8, as they stand and as JSON writes them. Another process reads:
    closing a file of SQLite's here would drop the locks by which this one holds its library.

    Raises:
        LibraryError: a file cannot be read.
    """
    order = {"home": str(home), "words": list(words), "leave_out": list(map(str, leave_out))}
    reader = subprocess.run(
        (sys.executable, "-c", "from index.remains import main; main()"),
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        encoding="ascii",
        check=True,
    )
    told = json.loads(reader.stdout)
    if "error" in told:
        raise LibraryError(told["error"])
    found = {file: frozenset(held) for file, held in told.pop("found").items()}
    return Remains(**told, found=found)


def main() -> None:
    """Carry out the order of `find_remains` on standard input, and tell what was found."""
    order = json.load(sys.stdin)
    try:
        read = read_files(Path(order["home"]), order["words"], set(map(Path, order["leave_out"])))
    except LibraryError as error:
        json.dump({"error": str(error)}, sys.stdout)
    else:
        found = {file: sorted(held) for file, held in read.found.items()}
        json.dump({**asdict(read), "found": found}, sys.stdout)


def read_files(home: Path, words: Collection[str], leave_out: Collection[Path] = ()) -> Remains:
    """`find_remains`, in this process, which must have no library open.

    Raises:
        LibraryError: a file cannot be read.
    """
    finder = _Finder(words)
    files = size = 0
    found = {}
    for path in sorted(home.rglob("*")):
        if path in leave_out or path.is_symlink() or not path.is_file():
            continue
        try:
            held = frozenset(
                word for chunk in _chunks(path, finder.longest) for word in finder.held(chunk)
            )
            files, size = files + 1, size + path.stat().st_size
        except FileNotFoundError:  # a lock or a log that went meanwhile
            continue
        except OSError as error:
            raise LibraryError(
                f"{path} cannot be read ({error.strerror}), so nothing is proved of it: "
                "mend its permissions and repeat the command"
            ) from error
        if held:
            found[path.relative_to(home).as_posix()] = held
    return Remains(files, size, len(words), found)


class _Finder:
    """Finds any of many words in bytes, in one pass however many they are.

    Wherever a word stands, eight of its bytes fill one aligned block. The blocks that each word
    can so fill are looked up, and only where one of them stands the word is compared.
    """

    def __init__(self, words: Collection[str]) -> None:
        self.longest = 1
        self._short: list[tuple[str, bytes]] = []
        self._blocks: dict[int, list[tuple[str, bytes, int]]] = {}
        for word in words:
            for form in {word.encode(), json.dumps(word, ensure_ascii=False)[1:-1].encode()}:
                self.longest = max(self.longest, len(form))
                if len(form) < 2 * _BLOCK:
                    self._short.append((word, form))
                    continue
                for shift in range(_BLOCK):
                    block = int.from_bytes(form[shift : shift + _BLOCK], sys.byteorder)
                    self._blocks.setdefault(block, []).append((word, form, shift))
        self._may_be = np.zeros(1 << _BITS, dtype=np.bool_)
        self._may_be[_mixed(np.array(list(self._blocks), dtype=np.uint64))] = True

    def held(self, chunk: bytes) -> Iterator[str]:
        """The words that stand in `chunk`, as often as they stand there or once."""
        blocks = np.frombuffer(chunk, dtype=np.uint64, count=len(chunk) // _BLOCK)
        for at in np.flatnonzero(self._may_be[_mixed(blocks)]).tolist():
            for word, form, shift in self._blocks.get(int(blocks[at]), ()):
                start = at * _BLOCK - shift
                if start >= 0 and chunk.startswith(form, start):
                    yield word
        yield from (word for word, form in self._short if form in chunk)


def _mixed(blocks: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number below 2^_BITS for each block, as if at random."""
    return (blocks * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BITS)


def _chunks(path: Path, overlap: int) -> Iterator[bytes]:
    """The bytes of a file, each chunk with the last `overlap` of the one before."""
    tail = b""
    with path.open("rb") as file:
        while read := file.read(_CHUNK):
            chunk = tail + read
            yield chunk
            tail = chunk[-overlap:]
