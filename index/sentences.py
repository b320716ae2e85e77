"""Sentence borders of a news text, as spans of the text exactly as it is.

sentencex proposes borders, a few rules of our own correct them (titles, initials, numbered items,
Vietnamese ranks, brackets, lower case after a stop), and layout is read first: blank lines end a
sentence, hard-wrapped lines do not. Date head, dateline and agency mark belong to no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.articles import Span
from index.importers.metadata import read_marks

LONGEST_SENTENCE = 1200  # characters; a run-on text is cut so that none overwhelms a passage
LONG_QUOTE = 400  # a quotation above this is cut at its own full stops
_WRAP_WIDTHS = range(40, 201)  # shorter: a list; longer: paragraphs, one a line
_WINDOW = 5000  # sentencex is quadratic in unclosed quotes, so it sees this much at a time

_OPENING = "([{\"'“„«‘‹*_"
_CLOSING = ")]}\"'”»’›*_"
_ALNUM = re.compile(r"[^\W_]")
_MARKER = re.compile(r"(?:(?:#{1,6}|[-*+>•‣◦▪])[ \t]+)+")
_TERMINAL = re.compile(r"[.!?…。！？।؟][)\]}\"'”»’›*_]*$")
_STOP = re.compile(r"[.!?…][)\]}\"'”»’›]*\s+")
# Ends that sentencex passes over: an ellipsis, a stop inside brackets or quotes, "etc.", "no.".
_MISSED = re.compile(r"(?:\.\.\.|…|\.[)\]}\"'”»’›]+|\b(?:etc|v\.v|[Nn]o)\.)\s+")
_CLOSERS_AHEAD = re.compile(r"\s*[)\]}”»›]+(?=\s|$)")
_NUMBERING = re.compile(r"\W*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]")
_COMPANY = re.compile(r"(?:Co|Cie|Bros|Pte|Sdn|Pty)\.$")
_COMPANY_FORM = re.compile(r"(?:Ltd|Ltée|Inc|LLC|Corp|Bhd|KG|PLC|Limited)\b")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words(
    "M MM Mr Mrs Ms Mme Mmes Mlle Mlles Messrs Dr Drs Pr Prof Gen Gov Sen Rep Reps Col Capt Cpt"
    " Lt Sgt Maj Cmdr Adm Rev Hon Fr St Ste Mgr Pres Amb Supt Insp Mt Ft vs approx"
    " TP Tp TX Tx TT GS PGS TS Ts ThS Ths BS Bs KS LS NSND NSƯT Đ/c đ/c"
)
_NUMBERED = _words(
    "No Nos no nos n N art Art p pp P Q vol Vol fig Fig ch Ch sec Sec env ca c cf tel Tel tél Tél"
    " Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec janv févr avr juil sept oct nov déc"
)
_STARTERS = _words(
    "The This That These Those He She It They We You I In On At But And As For After Before When"
    " Le La Les Il Elle Ils Elles Ce Cette En Mais Ông Bà Theo Trong Tại Đây Sau"
)
_FUNCTION_WORDS = _words(
    "a an the of and or to in on at by for with from as that which who is are was were be been has"
    " have had its his her their this these will would not no than into over under between"
    " le la les l un une des du de d et ou à au aux en dans par pour sur avec que qui est sont ont"
    " ce cette ces son sa ses leur leurs plus ne se"
    " và của là các những cho với trong tại từ đến được bị đã đang sẽ về ở trên theo một này để"
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    marked: bool
    heading: bool


def sentence_spans(text: str, lang: str | None) -> list[Span]:
    """The sentences of `text` in order, as disjoint spans without white space at their ends.

    Every letter and digit lies in a sentence, except in a recognised front matter, date head,
    dateline or closing agency mark. `lang` is an ISO 639-1 code; English rules when None or
    unknown. No sentence is longer than `LONGEST_SENTENCE`. Any text is taken, hostile ones too.
    """
    return [
        Span(*piece)
        for start, end in _body(text)
        for first, last in _paragraphs(text, start, end)
        for sentence in _sentences(text, first, last, lang or "en")
        for piece in _cut(text, *sentence)
    ]


def _body(text: str) -> Iterator[tuple[int, int]]:
    """What lies between the marks of the text's edges."""
    start = 0
    for mark in read_marks(text).spans:
        yield start, mark.start
        start = mark.end
    yield start, len(text)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of lines that belong together; blank lines and rules of dashes lie between blocks."""
    block: list[_Line] = []
    for written in text[start:end].splitlines(keepends=True):
        line = _line(written, start)
        start += len(written)
        if line:
            block.append(line)
        else:
            yield from _joined(text, block)
            block = []
    yield from _joined(text, block)


def _line(written: str, start: int) -> _Line | None:
    """The line without blanks and markdown marker; None when it holds no letter or digit."""
    if not _ALNUM.search(written):
        return None
    end = start + len(written.rstrip())
    start += len(written) - len(written.lstrip())
    marker = _MARKER.match(written.strip())
    if not marker:
        return _Line(start, end, marked=False, heading=False)
    return _Line(start + marker.end(), end, marked=True, heading=marker[0].startswith("#"))


def _joined(text: str, block: list[_Line]) -> Iterator[tuple[int, int]]:
    """The block's lines, those a hard wrap has parted put together again."""
    if not block:
        return
    width = max(line.end - line.start for line in block)
    start = block[0].start
    for line, following in pairwise(block):
        if not _wraps(text, line, following, width):
            yield start, line.end
            start = following.start
    yield start, block[-1].end


def _wraps(text: str, line: _Line, following: _Line, width: int) -> bool:
    """True when the break after `line` is only the end of the room on it."""
    if following.marked or line.heading:
        return False
    tail = text[max(line.start, line.end - 40) : line.end]
    if _TERMINAL.search(tail):
        return _is_title(tail)
    head = text[following.start : min(following.end, following.start + 80)]
    if head.lstrip(_OPENING)[:1].islower():
        return True
    length = line.end - line.start
    if length > _WRAP_WIDTHS[-1]:
        return False
    if tail[-1] == "," or re.split(r"[\s'’]", tail.lower())[-1] in _FUNCTION_WORDS:
        return True
    return width in _WRAP_WIDTHS and length + 1 + len(head.split(maxsplit=1)[0]) > width


def _sentences(text: str, start: int, end: int, lang: str) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, white space between them left out."""
    paragraph = text[start:end]
    first = 0
    for border in _borders(paragraph, lang):
        word = _ALNUM.search(paragraph, border)
        if not word:
            break
        yield start + first, start + border
        first = border
    yield start + first, end


def _borders(paragraph: str, lang: str) -> Iterator[int]:
    """Where sentences end inside the paragraph, in order."""
    uncased = not any(map(str.isupper, paragraph))
    first = 0
    candidates = sorted({*_proposed(paragraph, lang), *_missed(paragraph)})
    for border in _with_long_quotes(paragraph, candidates):
        closers = _CLOSERS_AHEAD.match(paragraph, border)
        border = closers.end() if closers else border
        if border > first and _ends(paragraph, first, border, uncased):
            yield border
            first = border


def _proposed(paragraph: str, lang: str) -> Iterator[int]:
    """The borders sentencex finds, a window at a time; a window's last piece opens the next."""
    from sentencex import get_sentence_boundaries

    # Same length, so that places stay: line ends as blanks, and nothing UTF-8 cannot hold.
    clean = re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", " ", paragraph)
    clean = re.sub(r"[\ud800-\udfff]", "\ufffd", clean)
    start = 0
    while start < len(clean):
        found = get_sentence_boundaries(lang, clean[start : start + _WINDOW])
        ends = [start + piece["end_index"] for piece in found[:-1]]
        yield from ends
        start = ends[-1] if ends and start + _WINDOW < len(clean) else start + _WINDOW


def _missed(paragraph: str) -> Iterator[int]:
    """Ends of our own finding: before a capital only."""
    for stop in _MISSED.finditer(paragraph):
        if paragraph[stop.end() : stop.end() + 5].lstrip(_OPENING)[:1].isupper():
            yield stop.end()


def _with_long_quotes(paragraph: str, borders: list[int]) -> Iterator[int]:
    """The borders, and those inside long quotations, which sentencex never cuts."""
    start = 0
    for border in [*borders, len(paragraph)]:
        if border - start > LONG_QUOTE and re.search("[\"“«‘']", paragraph[start:border]):
            for stop in _STOP.finditer(paragraph, start, border):
                if paragraph[stop.end() : stop.end() + 5].lstrip(_OPENING)[:1].isupper():
                    yield stop.end()
        yield border
        start = border


def _ends(paragraph: str, first: int, border: int, uncased: bool) -> bool:
    """True when the sentence that starts at `first` may end at `border`."""
    before = paragraph[max(first, border - 40) : border]
    after = paragraph[border : border + 40]
    together = not before[-1:].isspace() and not after[:1].isspace()
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return border < len(paragraph)
    letter = after.lstrip(_OPENING)[:2]
    if together and before[-1] in ".!?…":  # "came.Then" ends, "GS.TS." and "TP.HCM" do not
        return before[-4:-1].isalpha() and before[-4:-1].islower() and letter[:1].isupper()
    if after[0] in ",;:)]}»”%/" or (after[0] in "\"'’" and not after[1:2].strip()):
        return False
    if letter[:1].islower() and not letter[1:].isupper() and not uncased:
        return False
    if border - first < 9 and _NUMBERING.fullmatch(paragraph[first:border].strip()):
        return False
    word = _last_word(before)
    if not word.endswith(".") or word.endswith("..."):
        return True
    if _is_title(before) or (_COMPANY.search(word) and _COMPANY_FORM.match(after)):
        return False
    stem = word.rstrip(".")
    if stem in _NUMBERED and after[0].isdigit():
        return False
    is_initial = len(stem.rpartition("-")[2]) == 1 and stem[-1].isupper()
    return not is_initial or re.split(r"\W", after, maxsplit=1)[0] in _STARTERS


def _last_word(before: str) -> str:
    """The last word of `before` with its full stop, brackets and quotes taken off."""
    return re.split(r"[\s'’]", before.rstrip(_CLOSING))[-1].lstrip(_OPENING)


def _is_title(before: str) -> bool:
    """True when `before` ends in a title or rank that a name follows: `Mr.`, `GS.TS.`, `TP.`."""
    word = _last_word(before)
    return word.endswith(".") and word[:-1].rpartition(".")[2] in _TITLES


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence without white space at its ends, in pieces when it is too long."""
    while start < end:
        stop = _room(text, start, end) if end - start > LONGEST_SENTENCE else end
        piece = text[start:stop]
        if _ALNUM.search(piece):
            yield stop - len(piece.lstrip()), start + len(piece.rstrip())
        start = stop


def _room(text: str, start: int, end: int) -> int:
    """Where to cut a long sentence: at a semicolon, else a comma, else white space, else anywhere.

    The last such place in reach, but not in the first quarter: no crumbs.
    """
    reach = start + LONGEST_SENTENCE
    for mark in (r";\s", r",\s", r"\s"):
        cuts = [cut.end() for cut in re.compile(mark).finditer(text, start + 300, reach)]
        if cuts:
            return cuts[-1]
    return reach
