"""examples(): questions that an index answers, made from its record of who said what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest

from api.desk import Asker
from index import Act, RecordFilter

LEADERS = 4  # people of each language who are asked about
STATEMENTS = 50  # of each of them that are looked at
NBSP = "\u00a0"  # French sets it before the marks below

# The verb for each act, in the order in which they are asked about.
VERBS: Mapping[str, Mapping[Act, str]] = {
    "en": {"propose": "propose", "commit": "promise", "ask": "ask for", "report": "say"},
    "fr": {"propose": "proposé", "commit": "promis", "ask": "demandé", "report": "déclaré"},
    "vi": {"propose": "đề xuất", "commit": "cam kết", "ask": "đề nghị", "report": "nói"},
}
# A question, and one that names a sector.
FORMS = {
    "en": ("What did {name} {verb}?", "What did {name} {verb} on {sector}?"),
    "fr": (f"Qu’a {{verb}} {{name}}{NBSP}?", f"{{sector}}{NBSP}: qu’a {{verb}} {{name}}{NBSP}?"),
    "vi": ("{name} {verb} gì?", "{name} {verb} gì về {sector}?"),
}


def examples(answerer: Asker, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Questions, each with its language, that are answered; languages take turns, as do people.

    `languages` are those of the articles, the most frequent first. What no article says in English,
    French or Vietnamese of a person is not asked about.
    """
    each = (list(_questions(answerer, lang)) for lang in languages if lang in VERBS)
    seen: set[str] = set()
    for pair in chain.from_iterable(zip_longest(*each)):
        if pair and pair[0] not in seen and answerer.ask(pair[0]).answered:
            seen.add(pair[0])
            yield pair


def _questions(answerer: Asker, lang: str) -> Iterator[tuple[str, str]]:
    """Questions about the people of a language: one about each, then another one about each."""
    people = answerer.leaders(RecordFilter(lang=lang), limit=LEADERS).rows
    asked = [list(_about(answerer, one.row.id, one.row.name, lang)) for one in people]
    for question in chain.from_iterable(zip_longest(*asked)):
        if question:
            yield question, lang


def _about(answerer: Asker, person: str, name: str, lang: str) -> Iterator[str]:
    """Questions about what a person did, one for each act: the first with a sector, if any has."""
    where = RecordFilter(person=person, lang=lang)
    rows = [one.row for one in answerer.commitments(where, limit=STATEMENTS).rows]
    labels = answerer.sectors().labels
    plain, on_sector = FORMS[lang]
    for act, verb in VERBS[lang].items():
        done = [row for row in rows if row.act == act]
        sector = next((row.sectors[0] for row in done if row.sectors), None)
        if sector:
            label = labels[sector][lang]
            words = on_sector.format(name=name, verb=verb, sector=label)
            yield words[0].upper() + words[1:]
        elif done:
            yield plain.format(name=name, verb=verb)
