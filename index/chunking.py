"""Passages of an article: runs of whole sentences that fit the encoder, with a little overlap.

180 to 200 word-pieces with one or two shared sentences kept the most complete evidence within a
fixed budget in the measurements this follows; sentences are never cut and articles never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.articles import Passage, Span

_SHARED_SENTENCES = 2


def chunk(
    article_id: str,
    sentences: Sequence[Span],
    pieces: Sequence[int],
    *,
    limit: int,
    overlap: int,
) -> list[Passage]:
    """Cut an article's sentences into passages, in order; none for an article without sentences.

    `pieces[i]` is the number of word-pieces of sentence `i`. A passage takes sentences until the
    next would pass `limit` pieces; a sentence longer than that is a passage alone. The next one
    begins one or two sentences earlier, as far as these hold at most `overlap` pieces and leave
    room for a new sentence.
    """
    passages: list[Passage] = []
    first = 0
    while first < len(sentences):
        last, size = first + 1, pieces[first]
        while last < len(sentences) and size + pieces[last] <= limit:
            size += pieces[last]
            last += 1
        span = Span(sentences[first].start, sentences[last - 1].end)
        passages.append(Passage(article_id, span, first, last))
        if last == len(sentences):
            break
        first = _step_back(first, last, pieces, limit=limit, overlap=overlap)
    return passages


def _step_back(first: int, last: int, pieces: Sequence[int], *, limit: int, overlap: int) -> int:
    """Number of the sentence with which the passage after `[first, last)` begins."""
    shared, start = 0, last
    while start - 1 > first and last - start < _SHARED_SENTENCES:
        shared += pieces[start - 1]
        if shared > overlap or shared + pieces[last] > limit:
            break
        start -= 1
    return start
