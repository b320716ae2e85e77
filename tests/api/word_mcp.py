"""The command line, `onrecord ARGUMENT...`, with the encoder that hashes words."""

from __future__ import annotations

from unittest.mock import patch

import qa.assembly
from api.cli import main
from index import IndexSettings
from tests.fakes import WordEmbedder


def load(settings: IndexSettings) -> WordEmbedder:
    return WordEmbedder()


if __name__ == "__main__":
    with patch.object(qa.assembly, "load_embedder", load):
        main()
