"""The manifest of a generation: what it is made of, and the proof that its folder still is that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import DamagedGenerationError, UnknownFormatError

FORMAT = 1
_NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a generation is made of; `files` maps each file to the SHA-256 of its bytes.

    `digest` depends only on what was indexed and how, so two clean builds of one library have the
    same; `created` is a UTC time, ISO 8601.
    """

    number: int
    encoder: str
    fingerprint: str
    dim: int
    settings: Mapping[str, Any]
    counts: Mapping[str, int]
    library_revision: int
    digest: str
    created: str
    files: Mapping[str, str]
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest with a checksum of itself, as it stands on disk."""
        fields = asdict(self)
        return json.dumps(fields | {"checksum": checksum(fields)}, indent=1, sort_keys=True)

    def write(self, folder: Path) -> None:
        """Write it into the folder that it describes."""
        (folder / _NAME).write_text(self.to_json(), "utf-8")


def read_manifest(folder: Path, number: int) -> Manifest:
    """The manifest in a folder, its own checksum verified; the other files are not read.

    `number` is that of the generation, for the errors.

    Raises:
        UnknownFormatError: it was written by a newer version.
        DamagedGenerationError: it is missing, has changed or cannot be read.
    """
    try:
        fields = json.loads((folder / _NAME).read_bytes())
        if fields["format"] > FORMAT:
            raise UnknownFormatError(number, fields["format"], FORMAT)
        found = fields.pop("checksum")
        if found != checksum(fields):
            raise DamagedGenerationError(number, _NAME, "has changed")
        if fields["number"] != number:
            raise DamagedGenerationError(number, _NAME, f"is that of {fields['number']}")
        return Manifest(**fields)
    except FileNotFoundError:
        raise DamagedGenerationError(number, _NAME, "is missing") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedGenerationError(number, _NAME, "cannot be read") from error


def verify_folder(folder: Path, number: int) -> Manifest:
    """The manifest, once every file has been hashed and none is missing, added or changed.

    Raises:
        GenerationError: as `read_manifest`; DamagedGenerationError with the name of a file.
    """
    manifest = read_manifest(folder, number)
    present = set(file_names(folder))
    for name in sorted(manifest.files.keys() | present):
        if name not in present:
            raise DamagedGenerationError(number, name, "is missing")
        if name not in manifest.files:
            raise DamagedGenerationError(number, name, "does not belong to it")
        verify_file(folder, number, name, manifest)
    return manifest


def verify_file(folder: Path, number: int, name: str, manifest: Manifest) -> None:
    """Hash one file of a generation and compare it with the manifest.

    Raises:
        DamagedGenerationError: it is missing, has changed or cannot be read.
    """
    try:
        found = file_sha256(folder / name)
    except FileNotFoundError:
        raise DamagedGenerationError(number, name, "is missing") from None
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise DamagedGenerationError(number, name, reason) from error
    if found != manifest.files.get(name):
        raise DamagedGenerationError(number, name, "has changed")


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_names(folder: Path) -> list[str]:
    """Every file below `folder` but the manifest and the search engine's lock files, sorted."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return sorted({path.relative_to(folder).as_posix() for path in paths} - {_NAME})


def checksum(fields: Mapping[str, Any]) -> str:
    """Hex SHA-256 of the fields as JSON: what a list of files carries of itself."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
