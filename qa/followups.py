"""A follow-up question becomes one that stands alone, from the turns before it; no model.

The question is changed only when it leans on what was said: "When did he visit Gunma?" gets its
name, "And in 2024?" the question it continues, "What are the risks?" its topic. Names are carried
from questions, and from the last answer where the question asked for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import fold, is_stop_word, stem, words
from qa.answers import Turn
from qa.mentions import Kind, Mention, is_light, language, names, topics
from qa.references import Reference, references
from qa.slots import append, continued, named_date

_TURNS = 6
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Resolution:
    """The question as it is searched; `carried` are the words taken from earlier turns."""

    resolved: str
    changed: bool
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    """What has been talked about: the last question made whole, its topic, names newest first."""

    question: str = ""
    focus: Mention | None = None
    beside: tuple[Mention, ...] = ()  # names of the question that brought up the focus
    named: tuple[Mention, ...] = ()
    date: str | None = None
    answer: str = ""
    lang: str = "en"


def resolve(question: str, turns: Sequence[Turn]) -> Resolution:
    """The question with what it leaves out put back from the last few turns, if it leaves any out.

    A question that stands alone comes back character for character, and so does one for which the
    turns offer nothing, or of more than a thousand characters. Of the turns, the last six are read,
    and the first thousand characters of each.
    """
    if not turns or len(question) > _LONGEST:
        return Resolution(question, False)
    context = _Context()
    for turn in turns[-_TURNS:]:
        asked = _clean(turn.question)
        if asked:
            context = replace(_after(asked, context), answer=_clean(turn.answer or ""))
    return _made_whole(question, context)[0]


def earlier_questions(turns: Sequence[Turn]) -> str:
    """The questions of the last turns as one text, oldest first; "" when there were none.

    Of each, the first two hundred characters.
    """
    return " ".join(_clean(turn.question)[:200] for turn in turns[-_TURNS:]).strip()


def rewrite_recall(resolved: str, rewrite: str, question: str) -> tuple[float, float]:
    """Shares of a human rewrite found in `resolved`: of the words it added, and of all its words.

    Words are folded, stemmed and counted as often as they occur; the first share leaves out stop
    words, and is 1.0 when nothing was added.
    """
    lang = language(rewrite)
    found, wanted, asked = (
        Counter(stem(word, lang) for word in words(text)) for text in (resolved, rewrite, question)
    )
    stops = {stem(word, lang) for word in words(rewrite) if is_stop_word(word, lang)}
    content = Counter({word: n for word, n in (wanted - asked).items() if word not in stops})
    return _share(content, found), _share(wanted, found)


def _share(wanted: Counter[str], found: Counter[str]) -> float:
    total = wanted.total()
    return (wanted & found).total() / total if total else 1.0


def _clean(text: str) -> str:
    """The start of an earlier question on one line, without control characters."""
    kept = (" " if unicodedata.category(char)[0] in "CZ" else char for char in text[:_LONGEST])
    return " ".join("".join(kept).split())


def _made_whole(question: str, context: _Context) -> tuple[Resolution, Mention | None]:
    """The question made to stand alone, and the mention put in as its topic, if any was."""
    unchanged = Resolution(question, False)
    if not context.question:
        return unchanged, None
    lang = language(question, context.lang)
    swapped = continued(question, lang, context.question)
    if swapped is not None:
        text, new = swapped
        return Resolution(text, True, (context.question,)), new or context.focus
    whole = _expand(question, lang, context)
    found = references(whole, lang, names(whole, lang))
    resolution, focus = _fill(whole, lang, found, context) if found else (unchanged, None)
    if whole != question and not resolution.changed:
        return Resolution(whole, True, (whole,)), focus
    return (resolution, focus) if resolution.changed else (unchanged, None)


def _after(question: str, context: _Context) -> _Context:
    """What is talked about once the question has been asked."""
    resolution, focus = _made_whole(question, context)
    lang = language(question, context.lang)
    beside = context.beside
    if focus is None:
        named = names(question, lang)
        own = _subject(question, lang, named)
        focus = own or context.focus
        beside = tuple(name for name in named if name != own)[:3] if own else beside
    when = named_date(resolution.resolved, lang)
    return _Context(
        question=resolution.resolved[:_LONGEST],
        focus=focus,
        beside=beside,
        named=(names(resolution.resolved, lang) + context.named)[:20],
        date=when.written if when else context.date,
        lang=lang,
    )


def _subject(question: str, lang: str, named: Sequence[Mention]) -> Mention | None:
    """What the question is about: its first name that is no mere place, else its noun phrase."""
    phrase = next(iter(topics(question, lang)), None)
    for mention in named:
        if mention.kind != "place":
            return _grown(question, lang, mention, phrase)
    if phrase is not None and not any(phrase.start <= m.start < phrase.end for m in named):
        return phrase
    return named[0] if named else phrase


def _grown(question: str, lang: str, name: Mention, phrase: Mention | None) -> Mention:
    """The name with the noun phrase it is part of: Neverending Story film; no verb after it."""
    if phrase is None or not (phrase.start <= name.start and name.end <= phrase.end):
        return name
    if re.search(
        r"\b(?:do|does|did|can|could|will|would|should|[\w]+ed)\b", question[: phrase.end]
    ):
        return name
    return replace(name, text=question[name.start : phrase.end], end=phrase.end)


def _answer_names(context: _Context) -> tuple[Mention, ...]:
    """The names in the last answer; only names, an answer's other words lead astray."""
    answer = re.sub(r"\[\d+\]", " ", context.answer)
    return names(answer, language(answer, context.lang))


# Filling in what a question refers to


def _fill(
    question: str, lang: str, found: Sequence[Reference], context: _Context
) -> tuple[Resolution, Mention | None]:
    """The question with each kind of reference filled once; unchanged where nothing fits."""
    pieces: list[tuple[int, int, str]] = []
    added: list[str] = []
    carried: list[Mention] = []
    beside: list[Mention] = []
    dates: list[str] = []
    done: set[str] = set()
    for reference in found:
        if reference.kind in done:
            continue
        done.add(reference.kind)
        if reference.kind == "date":
            if context.date and context.date not in question:
                pieces.append((reference.start, reference.end, context.date))
                dates.append(context.date)
            continue
        mention = _referent(reference, context, carried)
        if mention is None:
            continue
        if mention == context.focus and (not mention.is_name or mention.kind == "place"):
            others = [name for name in context.beside if not _holds(question, name.text)]
            added += [name.text for name in others]
            beside += others
        if _holds(question, mention.text):
            continue
        if carried and mention.text in [other.text for other in carried]:
            continue
        carried.append(mention)
        if reference.replaceable and _suits(reference, mention):
            text = mention.text + ("'s" if reference.possessive and lang == "en" else "")
            if reference.kind == "place" and lang == "en":
                text = f"in {text}"
            pieces.append((reference.start, reference.end, text))
        else:
            added.append(mention.text)
    added = list(dict.fromkeys(added))
    if not pieces and not added:
        return Resolution(question, False), None
    resolved = question
    for start, end, text in sorted(pieces, reverse=True):
        text = text[0].upper() + text[1:] if start == 0 else text
        resolved = resolved[:start] + text + resolved[end:]
    if added:
        resolved = append(resolved, f"({', '.join(added)})")
    words_carried = tuple(
        dict.fromkeys([*(mention.text for mention in [*carried, *beside]), *dates])
    )
    return Resolution(resolved, True, words_carried), carried[0] if carried else None


_THE = re.compile(r"(?<!\w)(?:(?:the|le|la|les) |l['’])(?P<noun>[^\W\d_]+)(?!\w)", re.I)


def _expand(question: str, lang: str, context: _Context) -> str:
    """ "The experiment" becomes the Stanford Experiment where that was talked about."""
    mentions = [*([context.focus] if context.focus else []), *context.named]
    for match in _THE.finditer(question):
        noun = fold(match["noun"])
        following = words(question[match.end() : match.end() + 30])[:1]
        if following and not is_light(following[0], lang) and question[match.end()] == " ":
            continue  # a word of a longer name
        for mention in mentions:
            parts = [word.folded for word in words(mention.text)]
            if len(parts) > 1 and parts[-1] == noun and not _holds(question, mention.text):
                start, end = match.span("noun")
                return question[:start] + mention.text + question[end:]
    return question


def _suits(reference: Reference, mention: Mention) -> bool:
    """False for "he" and a topic that is no person: it is added, not put in place."""
    if reference.kind == "person":
        return mention.kind == "person" or mention.is_name
    return reference.kind != "place" or mention.kind == "place"


def _referent(reference: Reference, context: _Context, taken: Sequence[Mention]) -> Mention | None:
    if reference.kind in ("person", "anyone"):
        asked_who = re.match(r"\W*(?:who|qui|ai)\b|.*\b(?:là ai|est qui)\b", context.question, re.I)
        people = [name for name in _answer_names(context) if _personal(name)] if asked_who else []
        if reference.kind == "anyone":
            return people[0] if people else context.focus
        people += _of_kind(context.named, "person")
        people += _of_kind(_answer_names(context), "person")
        people += [mention for mention in context.named if mention.kind == "thing"]
        if context.focus is not None and context.focus.kind == "person":
            people = [context.focus, *people] if not asked_who or not people else people
        return people[0] if people else context.focus
    if reference.kind == "place":
        places = _of_kind(context.named, "place") + _of_kind(_answer_names(context), "place")
        return places[0] if places else context.focus
    if context.focus in taken or (
        reference.kind == "thing" and context.focus is not None and context.focus.kind == "person"
    ):
        others = [
            mention
            for mention in context.named
            if mention not in taken and mention.kind != "person"
        ]
        return others[0] if others else context.focus
    return context.focus


def _personal(mention: Mention) -> bool:
    return mention.kind == "person" or (mention.kind == "thing" and " " in mention.text)


def _of_kind(mentions: Sequence[Mention], kind: Kind) -> list[Mention]:
    return [mention for mention in mentions if mention.kind == kind]


def _holds(question: str, text: str) -> bool:
    """True when every word of the text is in the question already."""
    return {word.folded for word in words(text)} <= {word.folded for word in words(question)}
