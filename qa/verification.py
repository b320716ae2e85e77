"""The proof of a saved reply or record: every quote is looked up again in the stored texts.

Nothing of the road that made the reply is used, only the JSON that was sent (section 6 of
the design) and the library, so a reply can be proved later, by another program. What a language
model wrote is held once more to the rules of `qa.support`, which need no index.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index import ArticleNotFoundError, Texts
from qa.errors import BadReplyError
from qa.spreadsheet import csv_rows
from qa.support import lack_of_support

MARK = re.compile(r"\[([0-9]{1,9})\]")
_RECORD = frozenset({"citation", "leaders", "sectors", "commitments"})  # what only a record has
_PLACE = {"article_id": str, "article_sha256": str, "start": int, "end": int, "quote": str}
_GENERATED = re.compile(r"\s*([^\[\]]+?)((?:\s*\[[0-9]{1,9}\])+)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that does not hold: in citation `number`, or in the reply as a whole (None)."""

    number: int | None
    article_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was proved: how many citations were `checked`, and what failed, in reading order."""

    checked: int
    failures: tuple[Failure, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing failed."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Quotation:
    """A citation as far as it can be proved: `text[start:end] == quote` in that revision."""

    number: int
    article_id: str
    sha256: str
    start: int
    end: int
    quote: str


def verify(reply: Mapping[str, Any], library: Texts) -> Verification:
    """Prove a reply in its wire shape: quotes against the library, marks against citations.

    An extractive answer must be made of its quotes alone: `quote [1] quote [2]`, joined by white
    space. In a generated one marks must follow each sentence, and every citation that they name
    must bear it out. Fields that carry no proof (title, confidence, …) are not read.

    What comes from the record, a row or a page of rows, has nothing but quotes to prove.

    Raises:
        BadReplyError: a field is missing or of the wrong type; the message names it.
    """
    if not isinstance(reply, Mapping):
        raise BadReplyError(f"a reply is an object, not {type(reply).__name__}")
    if "answered" not in reply and not _RECORD.isdisjoint(reply):
        rows = list(_row_citations(reply))
        return Verification(len(rows), tuple(_quote_failures(rows, library)))
    answered, answer = _field(reply, "answered", bool), _field(reply, "answer", str)
    mode, listed = _field(reply, "mode", str), _field(reply, "citations", list)
    if mode not in ("extractive", "generated"):
        raise BadReplyError(f"mode: {mode!r} is neither 'extractive' nor 'generated'")
    cited = [_read_citation(row, f"citations[{place}]") for place, row in enumerate(listed)]
    failures = [
        Failure(number, None, "two citations have this number")
        for number, times in Counter(one.number for one in cited).items()
        if times > 1
    ]
    failures += _quote_failures(cited, library)
    if answered != bool(cited):
        what = "answered without a citation" if answered else "not answered, yet with citations"
        failures.append(Failure(None, None, what))
    if mode == "extractive" and answered:
        used, stray = _quoted(answer, cited)
        wrong = [f"not the quote of a citation: {stray[:80]!r}"] if stray else []
    else:
        used, wrong = _generated(answer, cited)
    failures += [
        Failure(one.number, one.article_id, "not used in the answer")
        for one in cited
        if one.number not in used
    ]
    failures += [Failure(None, None, reason) for reason in wrong]
    return Verification(len(cited), tuple(failures))


def _quote_failures(cited: Sequence[Quotation], library: Texts) -> list[Failure]:
    return [
        Failure(one.number, one.article_id, reason)
        for one in cited
        if (reason := quote_fault(one, library))
    ]


def quote_fault(one: Quotation, library: Texts) -> str | None:
    """Why the quote is not the text at its place in that revision; None when it is."""
    try:
        text = library.text(one.article_id, one.sha256)
    except ArticleNotFoundError as error:
        return str(error)
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != one.sha256:
        return "the stored text is not the one that was cited: its sha256 differs"
    place = f"[{one.start}, {one.end})"
    if not 0 <= one.start < one.end <= len(text):
        return f"{place} is not a place in a text of {len(text)} characters"
    if text[one.start : one.end] != one.quote:
        return f"the text at {place} is not the quote"
    return None


def read_replies(saved: str) -> list[Any]:
    """The replies in a saved file: one JSON object, a list of them, JSON Lines, or a record as CSV.

    Raises:
        BadReplyError: it is none of the four; the message names the line.
    """
    try:
        whole = json.loads(saved)
    except ValueError:
        if _PLACE.keys() <= set(saved.partition("\n")[0].rstrip("\r").split(",")):
            return _read_csv(saved)
        lines = [(n, line) for n, line in enumerate(saved.split("\n"), 1) if line.strip()]
        if not lines:
            raise BadReplyError("the file is empty") from None
        return [_read_line(number, line) for number, line in lines]
    return whole if isinstance(whole, list) else [whole]


def _read_csv(saved: str) -> list[Any]:
    """A row of the record for each line below the head."""
    try:
        rows = csv_rows(saved)
        return [
            {"citation": {"number": number} | {name: of(row[name]) for name, of in _PLACE.items()}}
            for number, row in enumerate(rows, 1)
        ]
    except ValueError as error:
        raise BadReplyError(f"not a record as CSV ({error})") from error


def _read_line(number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadReplyError(f"line {number}: not JSON ({error})") from error


def _field(record: Mapping[str, Any], name: str, kind: type, where: str = "") -> Any:
    path = f"{where}.{name}" if where else name
    if name not in record:
        raise BadReplyError(f"{path}: missing")
    value = record[name]
    # A bool is an int to isinstance, yet `true` is no offset.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadReplyError(f"{path}: {type(value).__name__} where {kind.__name__} is expected")
    return value


def _read_citation(row: Any, where: str) -> Quotation:
    if not isinstance(row, Mapping):
        raise BadReplyError(f"{where}: {type(row).__name__} where an object is expected")
    kinds = {"number": int} | _PLACE
    return Quotation(*(_field(row, name, kind, where) for name, kind in kinds.items()))


def _row_citations(record: Any, where: str = "") -> Iterator[Quotation]:
    """Every citation of a record's rows, in their order."""
    if isinstance(record, Mapping):
        for name, value in record.items():
            path = f"{where}.{name}" if where else str(name)
            if name == "citation":
                yield _read_citation(value, path)
            else:
                yield from _row_citations(value, path)
    elif isinstance(record, list):
        for place, row in enumerate(record):
            yield from _row_citations(row, f"{where}[{place}]")


def _quoted(answer: str, cited: Sequence[Quotation]) -> tuple[set[int], str]:
    """The numbers of the citations the answer is made of, and the rest that is not `quote [n]`.

    Read from the start, not by searching marks: a quote may hold a bracketed number of its own.
    """
    said = {f"{one.quote} [{one.number}]".lstrip(): one.number for one in cited}
    longest_first = sorted(said, key=len, reverse=True)
    used: set[int] = set()
    rest = answer.strip()
    while rest:
        sentence = next((one for one in longest_first if rest.startswith(one)), "")
        after = rest[len(sentence) :]
        if not sentence or (after and not after[0].isspace()):
            break
        used.add(said[sentence])
        rest = after.lstrip()
    return used, rest


def _generated(answer: str, cited: Sequence[Quotation]) -> tuple[set[int], list[str]]:
    """The numbers that mark the sentences of an answer, and what does not hold, in its order."""
    quotes = {one.number: one.quote for one in cited}
    used: set[int] = set()
    wrong: list[str] = []
    at = 0
    while sentence := _GENERATED.match(answer, at):
        at = sentence.end()
        numbers = [int(mark) for mark in MARK.findall(sentence[2])]
        used.update(numbers)
        for number in numbers:
            if number not in quotes:
                wrong.append(f"[{number}] marks no citation")
            elif lack := lack_of_support(sentence[1], quotes[number]):
                wrong.append(f"[{number}] does not bear out ({lack}): {sentence[1][:80]!r}")
    if rest := answer[at:].strip():
        wrong.append(f"no citation is named for {rest[:80]!r}")
    return used, wrong
