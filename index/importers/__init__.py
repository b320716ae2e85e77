"""Files and folders become articles; the importer is chosen by the file's suffix.

A new format is a new module with `read(stream, stem, where)`, and a line in `IMPORTERS`.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from index.articles import Article
from index.errors import ImportRefusedError
from index.importers import jsonlines, markdown, plain
from index.importers.fields import Outcome, article_from

__all__ = ["IMPORTERS", "Importer", "article_from", "read_paths"]

Importer = Callable[[BinaryIO, str, str], Iterator[Outcome]]

IMPORTERS: dict[str, Importer] = {  # each with .gz behind it too
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".jsonl": jsonlines.read,
    ".ndjson": jsonlines.read,
}


def read_paths(paths: Iterable[Path]) -> Iterator[Article | ImportRefusedError]:
    """The articles of the files and folders, in order, and what was refused, as values.

    Folders are read recursively, sorted by name, hidden files passed over. An id that comes a
    second time is passed over when text and metadata are the same, and refused when they are not.
    """
    seen: dict[str, tuple[str, Article]] = {}
    for item in chain.from_iterable(map(_read, paths)):
        if isinstance(item, ImportRefusedError):
            yield item
            continue
        where, article = item
        brief = replace(article, text=article.sha256)
        origin, known = seen.setdefault(article.id, (where, brief))
        if known is brief:
            yield article
        elif known != brief:
            reason = f"id {article.id!r} was already read from {origin}, with other content"
            yield ImportRefusedError(where, f"{reason}; give one of them another id")


def _read(path: Path) -> Iterator[Outcome]:
    for file in _files(path):
        if isinstance(file, ImportRefusedError):
            yield file
        else:
            yield from _read_file(file)


def _files(path: Path) -> Iterator[Path | ImportRefusedError]:
    """The file itself, or those of the folder; a refusal for a missing path and an empty folder."""
    if not path.exists():
        yield ImportRefusedError(_shown(path), "no such file or folder")
    elif path.is_dir():
        found = False
        for found_path in _walk(path):
            found = True
            yield found_path
        if not found:
            yield ImportRefusedError(_shown(path), f"no articles found in it; {_known()}")
    else:
        yield path


def _walk(folder: Path) -> Iterator[Path | ImportRefusedError]:
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        yield ImportRefusedError(_shown(folder), f"cannot be read: {error.strerror}")
        return
    for entry in entries:
        if not entry.is_dir():
            yield entry
        elif entry.is_symlink():  # may lead back up
            yield ImportRefusedError(_shown(entry), "a link to a folder; name that folder itself")
        else:
            yield from _walk(entry)


def _read_file(path: Path) -> Iterator[Outcome]:
    where = _shown(path)
    name = path.name
    packed = name.lower().endswith(".gz")
    stem, suffix = os.path.splitext(name[:-3] if packed else name)
    importer = IMPORTERS.get(suffix.lower())
    if importer is None:
        yield ImportRefusedError(where, f"suffix {path.suffix!r} is not known; {_known()}")
    elif not path.is_file():
        yield ImportRefusedError(where, "not a regular file, or a link that leads nowhere")
    else:
        try:
            with gzip.open(path) if packed else path.open("rb") as stream:
                # GzipFile reads as any binary stream does, only its type is another.
                yield from importer(cast(BinaryIO, stream), stem, where)
        except ImportRefusedError as refusal:
            yield refusal
        except (OSError, EOFError, zlib.error) as error:
            yield ImportRefusedError(where, f"cannot be read: {error}")


def _known() -> str:
    return f"known are {' '.join(IMPORTERS)}, each also with .gz"


def _shown(path: Path) -> str:
    """The path in characters that can be printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
