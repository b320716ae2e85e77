import datetime
import gzip
import os
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ImportRefusedError
from index.importers import read_paths

ARTICLES = Path(__file__).parents[2] / "data" / "articles"
SEEDS = Path(__file__).parents[3] / "seeds"
KNOWN = "known are .txt .text .md .markdown .jsonl .ndjson, each also with .gz"


def read(path: Path) -> list[Article]:
    found = list(read_paths([path]))
    articles = [item for item in found if isinstance(item, Article)]
    assert found == articles
    return articles


def outcome(*paths: Path) -> list[str]:
    return [
        str(item) if isinstance(item, ImportRefusedError) else item.id for item in read_paths(paths)
    ]


def test_a_folder_is_read_in_order_of_names_each_file_by_its_suffix() -> None:
    found = {article.id: article for article in read(ARTICLES)}
    assert list(found) == ["forum", "gunma", "wire-1", "wire-3"]
    assert found["gunma"].date == datetime.date(2023, 12, 15)
    assert [article.outlet for article in found.values()] == ["VGP", "VNS", "AFP", "VNA"]
    assert found["wire-3"].date == datetime.date(2023, 12, 15)


def test_the_seeds_are_stored_as_they_are_with_what_their_edges_tell() -> None:
    articles = read(SEEDS)
    assert [article.text.encode() for article in articles] == [
        path.read_bytes() for path in sorted(SEEDS.iterdir())
    ]
    assert [(article.date, article.outlet, article.title) for article in articles] == [
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (datetime.date(2023, 12, 15), "VNS", None),
        (datetime.date(2025, 4, 28), "VNS", None),
    ]


def test_the_language_is_detected_where_it_is_not_given() -> None:
    assert [article.lang for article in read(SEEDS)] == ["en", "fr", "en", "en", "en"]


def test_hidden_files_are_passed_over_and_folders_read_to_the_bottom(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "d.txt").write_text("Hidden.")
    (tmp_path / ".hidden.txt").write_text("Hidden.")
    (tmp_path / "z.TXT").write_text("Last.")
    (tmp_path / "b" / "c" / "a.md.gz").write_bytes(gzip.compress(b"First."))
    assert outcome(tmp_path) == ["a", "z"]


def test_what_cannot_be_read_is_refused_with_a_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c").symlink_to(tmp_path)
    (tmp_path / "d.txt.gz").write_bytes(b"no gzip")
    (tmp_path / "e.txt").write_text("Good.")
    missing = tmp_path / "missing.txt"
    assert outcome(missing, tmp_path) == [
        f"{missing}: no such file or folder",
        f"{tmp_path}/a.pdf: suffix '.pdf' is not known; {KNOWN}",
        f"{tmp_path}/b.txt: not a regular file, or a link that leads nowhere",
        f"{tmp_path}/c: a link to a folder; name that folder itself",
        f"{tmp_path}/d.txt.gz: cannot be read: Not a gzipped file (b'no')",
        "e",
    ]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert outcome(tmp_path) == [f"{tmp_path}: no articles found in it; {KNOWN}"]


def test_an_id_read_twice_is_passed_over_when_the_same_and_refused_when_not(tmp_path: Path) -> None:
    for folder, text in (("a", "One."), ("b", "One."), ("c", "Two.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(text)
    assert outcome(tmp_path) == [
        "x",
        f"{tmp_path}/c/x.txt: id 'x' was already read from {tmp_path}/a/x.txt, with other content;"
        " give one of them another id",
    ]


def test_an_id_given_twice_in_one_file_is_refused_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text('{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n')
    assert outcome(path) == [
        "x",
        f"{path}:2: id 'x' was already read from {path}:1, with other content;"
        " give one of them another id",
    ]


@pytest.mark.skipif(os.name != "posix", reason="names of any bytes exist on POSIX only")
def test_a_file_whose_name_is_not_unicode_is_refused_in_printable_words(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(path, "w") as file:
        file.write("Text.")
    [refused] = read_paths([tmp_path])
    assert isinstance(refused, ImportRefusedError)
    assert refused.where == f"{tmp_path}/\\xff.txt"
    str(refused).encode()
