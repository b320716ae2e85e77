"""The table of figures: each public set and our own, built and evaluated from nothing.

    python tests/figures.py DATA [SET...]

`DATA` holds a folder a set, each with `corpus.jsonl` and `questions.jsonl` (plain or .gz). Homes
are kept under `.figures/`, so a second run embeds nothing. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import Progress

from index import Article, GenerationStore, IndexSettings, Library, build, load_embedder, read_paths
from qa import Evaluation, QaSettings, evaluate, load_questions, open_answerer, select
from qa.evaluation import History
from qa.followups import resolve, rewrite_recall

HOMES = Path(".figures")
MEASURES = {
    "S@1": "Success@1",
    "S@5": "Success@5",
    "MRR@10": "RR@10",
    "all@10": "all@10",
    "evid.@1": "evidence@1",
    "evid.@3": "evidence@3",
    "verbatim": "verbatim",
    "answered": "answer_rate",
    "false": "false_answer_rate",
    "AUROC": "AUROC",
    "ECE": "ECE",
}


@dataclass(frozen=True)
class Row:
    """One line of the table: a set, the labels its questions have, what is made of history."""

    name: str
    folder: str
    where: dict[str, str] = field(default_factory=dict)
    history: History = "resolve"


ROWS = (
    Row("own, development half", "own", {"split": "dev"}),
    Row("own, test half", "own", {"split": "test"}),
    Row("`multihop_rag`", "multihop_rag"),
    Row("`clapnq`", "clapnq"),
    Row("`squad2`", "squad2"),
    *(
        Row(f"`xquad_en_vi` {setting}", "xquad_en_vi", {"setting": setting})
        for setting in ("en-en", "vi-vi", "en-vi", "vi-en")
    ),
    Row("`piaf_fr`", "piaf_fr"),
    Row("`afriqa_fr`", "afriqa_fr"),
    Row("`mtrag`, last turn alone", "mtrag", {"part": "mtrag"}, "ignore"),
    Row("`mtrag`, with history", "mtrag", {"part": "mtrag"}),
    Row("`mtrag`, human rewrite", "mtrag", {"part": "mtrag"}, "rewrite"),
    Row("`mtrag-un`", "mtrag", {"part": "mtrag-un"}),
)


def main() -> None:
    """Build what is missing, evaluate each row and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*", help="only these folders")
    chosen = parser.parse_args()
    print("| set | n |", " | ".join(MEASURES), "| ms |")
    print("|---" * (len(MEASURES) + 3) + "|")
    for row in ROWS:
        if not chosen.sets or row.folder in chosen.sets:
            print(line(row, measured(row, chosen.data)), flush=True)
    for questions in chosen.data.glob("cast_rewrites/questions.*"):
        print()
        print_rewrites(questions)


def print_rewrites(questions: Path) -> None:
    """How many words of the human rewrites of follow-ups the resolved questions hold."""
    asked = [q for q in load_questions(questions) if q.rewrite and q.turns]
    for name in ("last turn alone", "resolved"):
        recalls = [
            rewrite_recall(
                resolve(q.question, q.turns if name == "resolved" else ()).resolved,
                q.rewrite or "",
                q.question,
            )
            for q in asked
        ]
        added, overall = (sum(column) / len(asked) for column in zip(*recalls, strict=True))
        print(f"`cast_rewrites`, {name}: added words {added:.3f}, all words {overall:.3f}")


def line(row: Row, evaluation: Evaluation) -> str:
    """The row of the table in Markdown; a measure that says nothing is left empty."""
    figures = evaluation.figures["all"]
    values = [figures[name].value for name in MEASURES.values()]
    cells = ["" if value is None else f"{value:.3f}" for value in values]
    median = f"{evaluation.timing['total']['median']:.0f}"
    return f"| {row.name} | {len(evaluation.run)} | " + " | ".join([*cells, median]) + " |"


def measured(row: Row, data: Path) -> Evaluation:
    """The evaluation of a row's questions over the index of its corpus."""
    home = HOMES / row.folder
    corpus, questions = files(row.folder, data)
    if not (home / "CURRENT").exists():
        index_corpus(home, corpus)
    asked = select(load_questions(questions), row.where)
    answerer = open_answerer(IndexSettings(home=home), QaSettings())
    with Library(home / "library.sqlite", read_only=True) as library, progress() as bar:
        task = bar.add_task(row.name, total=len(asked))
        result = evaluate(
            answerer,
            asked,
            history=row.history,
            texts=library,
            progress=lambda done, _: bar.update(task, completed=done),
        )
    answerer.close()
    return result


def files(folder: str, data: Path) -> tuple[Path, Path]:
    """Where the corpus and the questions of a set lie."""
    if folder == "own":
        return Path("seeds"), Path("tests/data/questions.jsonl")
    return next(data.glob(f"{folder}/corpus.*")), next(data.glob(f"{folder}/questions.*"))


def index_corpus(home: Path, corpus: Path) -> None:
    """Add the articles of a corpus to a home and build its index."""
    settings = IndexSettings(home=home)
    with Library(home / "library.sqlite") as library, progress() as bar:
        tasks = {name: bar.add_task(f"{home.name}: {name}", total=None) for name in STAGES}
        for _ in library.put_many(articles(corpus)):
            pass
        build(
            library,
            GenerationStore(home),
            load_embedder(settings),
            settings,
            progress=lambda stage, done, of: bar.update(tasks[stage], completed=done, total=of),
        )


STAGES = ("read", "embed", "write")


def articles(corpus: Path) -> Iterator[Article]:
    """The articles of a corpus; what is refused is named on stderr."""
    for read in read_paths([corpus]):
        if isinstance(read, Article):
            yield read
        else:
            print(read, file=sys.stderr)


def progress() -> Progress:
    """A progress bar on stderr, so that the table can be kept."""
    from rich.console import Console

    return Progress(console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    main()
