"""`onrecord backup` and `restore`: what they print, and that no answer differs afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.schemas import AnswerOut
from index import GenerationStore, IndexSettings, Library, build, load_analyser, read_paths
from qa import Answerer, QaSettings, load_questions
from tests.data.homes.make import CERTAIN
from tests.fakes import WordEmbedder

QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The articles in `seeds/`, indexed with the encoder that hashes words; only for reading."""
    home = tmp_path_factory.mktemp("seeded") / "home"
    with Library(home / "library.sqlite") as library:
        seeds = read_paths([Path(__file__).parents[2] / "seeds"])
        list(library.put_many(article for article in seeds if not isinstance(article, Exception)))
        build(library, GenerationStore(home), WordEmbedder(), IndexSettings(home=home))
    return home


def run(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)])


def replies(home: Path) -> list[str]:
    """The replies to 20 questions as they are sent, without their times."""
    with Library(home / "library.sqlite", read_only=True) as library:
        answerer = Answerer(
            GenerationStore(home),
            library,
            load_analyser(None),
            WordEmbedder(),
            QaSettings(),
            calibration=CERTAIN,
        )
        asked = [each.question for each in load_questions(QUESTIONS)][::9][:20]
        answers = [AnswerOut.of(answerer.ask(question)) for question in asked]
    return [answer.model_dump_json(exclude={"took_ms"}) for answer in answers]


def test_twenty_replies_are_the_same_byte_for_byte_after_a_restore(
    home: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back"
    assert run(home, "backup", tmp_path / "home.tgz").exit_code == 0
    assert run(back, "restore", tmp_path / "home.tgz").exit_code == 0
    before = replies(home)
    assert len(before) == 20
    assert len(set(before)) == 20
    assert any('"answered":true' in reply for reply in before)
    assert replies(back) == before


def test_both_say_what_is_in_the_file(home: Path, tmp_path: Path) -> None:
    file, back = tmp_path / "home.tar", tmp_path / "back"
    assert run(home, "backup", file).stdout == f"{file}: 5 articles, generations: 1\n"
    done = run(back, "restore", file)
    assert done.stdout.startswith(f"{back} is as on 2")
    assert done.stdout.endswith(": 5 articles, generations: 1\n")
    told = json.loads(run(home, "backup", file, "--force", "--all", "--json").stdout)
    assert told == {
        "file": str(file),
        "bytes": file.stat().st_size,
        "articles": 5,
        "library_revision": 1,
        "generations": [1],
        "live": 1,
        "left_out": [],
    }
    told = json.loads(run(back, "restore", file, "--force", "--json").stdout)
    assert (told["home"], told["articles"], told["live"]) == (str(back), 5, 1)
    assert (Path(told["moved_aside"]) / "CURRENT").exists()


def test_a_file_or_home_that_is_there_is_one_line_and_exit_code_1(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "home.tar"
    run(home, "backup", file)
    for refused in (run(home, "backup", file), run(home, "restore", file)):
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith("onrecord: ")
        assert "--force" in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_an_index_that_is_left_out_is_named_with_exit_code_1(home: Path, tmp_path: Path) -> None:
    run(home, "backup", tmp_path / "home.tar")
    run(tmp_path / "torn", "restore", tmp_path / "home.tar")
    (GenerationStore(tmp_path / "torn").folder(1) / "tokens.npy").write_bytes(b"torn")
    done = run(tmp_path / "torn", "backup", tmp_path / "torn.tar")
    assert done.exit_code == 1
    assert done.stdout == f"{tmp_path / 'torn.tar'}: 5 articles, generations: none\n"
    assert "left out: generation 1: tokens.npy has changed" in done.stderr
    restored = run(tmp_path / "back", "restore", tmp_path / "torn.tar")
    assert restored.exit_code == 0
    assert "run `onrecord build`" in restored.stderr
