"""The time of a reply beside that of a plain hybrid search, in one run over one index.

    python tests/bench_ask.py HOME QUESTIONS

The plain hybrid encodes the question, takes 200 passages of each search, joins them by reciprocal
ranks and reads the first ten. Each question is put to both in turn; medians of milliseconds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from index import (
    Embedder,
    GenerationStore,
    IndexSettings,
    Library,
    Snapshot,
    detect_language,
    encoder_text,
    load_analyser,
    load_embedder,
    open_current,
)
from qa import Answerer, QaSettings, load_questions

CANDIDATES, K, RRF_K, WARM_UP = 200, 10, 60, 10


def main() -> None:
    """Measure and print one line of medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("questions", type=Path)
    chosen = parser.parse_args()
    settings = IndexSettings(home=chosen.home, threads=1)
    store, library = GenerationStore(chosen.home), Library(chosen.home / "library.sqlite")
    embedder, analyser = load_embedder(settings), load_analyser(settings.terms)
    answerer = Answerer(store, library, analyser, embedder, QaSettings())
    snapshot, _ = open_current(store, library)
    hybrid, ours, stages = [], [], []
    asked = [question.question for question in load_questions(chosen.questions)]
    for number, question in enumerate(asked):
        begun = time.perf_counter()
        plain_hybrid(snapshot, embedder, question)
        between = time.perf_counter()
        stages.append(answerer.ask(question).took_ms)
        if number >= WARM_UP:
            hybrid.append((between - begun) * 1000)
            ours.append((time.perf_counter() - between) * 1000)
    parts = {stage: float(np.median([one[stage] for one in stages])) for stage in stages[0]}
    ratio = np.median(ours) / np.median(hybrid)
    print(f"plain hybrid {np.median(hybrid):.1f} ms, ask {np.median(ours):.1f} ms, × {ratio:.2f}")
    print(", ".join(f"{stage} {ms:.1f}" for stage, ms in parts.items()), f"({len(ours)} questions)")


def plain_hybrid(snapshot: Snapshot, embedder: Embedder, question: str) -> list[str]:
    """The texts of the ten passages that the two searches together rank first."""
    vector = embedder.encode_question(encoder_text(question)).vector
    terms = load_analyser(None).query_terms(question, detect_language(question))
    scores: dict[int, float] = {}
    for rows, _ in (snapshot.lexical(terms, CANDIDATES), snapshot.dense(vector, CANDIDATES)):
        for rank, row in enumerate(rows.tolist(), start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RRF_K + rank)
    best = sorted(scores, key=lambda row: (-scores[row], row))[:K]
    articles = snapshot.tables.passages["article"]
    return [snapshot.passage_span(row).slice(snapshot.text(int(articles[row]))) for row in best]


if __name__ == "__main__":
    main()
