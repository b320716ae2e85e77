"""Sentences of other news before anyone labelled them, one JSON line each on standard output.

    python tests/data/record/draw.py DATA [--seed N] [--times N] [--without FILE ...]

`DATA` holds `multihop_rag` and `orangesum_fr`. As it stands it draws the 40 of `unseen.jsonl`;
`--times 3` draws three times as many, and no article that holds a sentence of a `--without` file
is drawn again, in whatever outlet. The choice is random with a given seed, the same every time. The
patterns only sort sentences into piles to draw from: they say what may hold a party and an act, not
what does, and no rule of the record is made from them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path
from typing import Any

from index.articles import Span
from index.sentences import sentence_spans

SEED = 20250428  # of `unseen.jsonl`
ARTICLES = 1500  # of a set that has more
LENGTHS = range(60, 361)  # characters of a sentence
BEFORE = 500  # characters of the one before it, at most
DRAWN = {
    "sign": 1, "denied": 1, "agree": 2, "propose": 2, "commit": 3, "ask": 3, "report": 4, "none": 4,
}  # fmt: skip
SETS = (("en", "multihop_rag"), ("fr", "orangesum_fr"))
PARTY = {
    "en": r"\b(president|prime minister|minister|secretary|governor|mayor|senator|chairman"
    r"|chief executive|CEO|director|spokes\w+|ambassador|judge|lawyer|company|government|commission"
    r"|White House|Kremlin|police|union|party|ministry|China|Israel|Ukraine|Russia|Britain|Canada"
    r"|India|Australia|Google|Apple|Amazon|Microsoft|Meta|OpenAI|[A-Z][a-z]+ [A-Z][a-z]+)\b",
    "fr": r"\b([Pp]résident\w*|[Pp]remi[eè]re? ministre|[Mm]inistre|[Ss]ecrétaire|[Gg]ouverneur"
    r"|[Mm]aire|[Ss]énat\w+|[Dd]éputée?|PDG|[Dd]irect\w+|[Pp]orte-parole|[Aa]mbassad\w+"
    r"|[Gg]ouvernement|[Cc]ommission|Élysée|Maison Blanche|Kremlin|police|syndicat|parti|ministère"
    r"|Chine|Israël|Ukraine|Russie|France|Allemagne|États-Unis|Royaume-Uni"
    r"|[A-Z][a-zéè]+ [A-Z][a-zéè]+)\b",
}
ACTS = {
    "en": {
        "report": r"\b(said|says|told|announced|stated|stressed|noted|warned|argued|emphasi[sz]ed"
        r"|praised|welcomed|explained|added|insisted|claimed)\b",
        "commit": r"\b(pledged?|promised?|vowed|committed to|guarantee[ds]?|undertook"
        r"|has said it will|will provide|will support|will launch|will invest|would provide"
        r"|plans to)\b",
        "ask": r"\b(urged?|urging|called on|calling on|calls on|asked|requested|demanded|appealed"
        r"|hopes that|wants)\b",
        "propose": r"\b(proposed|proposes|suggested|recommended|recommends|offered to"
        r"|put forward)\b",
        "agree": r"\b(agreed|agrees|consented|accepted|consensus|reached a deal"
        r"|reached an agreement)\b",
        "sign": r"\b(signed|signing|inked|concluded a)\b",
        "denied": r"\b(denied|refused to|declined to|did not promise|has not agreed|not agree"
        r"|refuses to|rejected)\b",
    },
    "fr": {
        "report": r"\b(a déclaré|a dit|a expliqué|a annoncé|a souligné|a estimé|a affirmé|a indiqué"
        r"|affirme|estime|explique|déplore|juge|assure|a ajouté|a rappelé|a précisé|dénonce)\b",
        "commit": r"\b(promis|promet|promesse|s'est engagée?|s'engage|s'engagent|s'est dite? prête?"
        r"|va lancer|investira|veillera|garanti[rt]?)\b",
        "ask": r"\b(a demandé|demande à|demande au|a appelé|appelle à|appelle les|appellent"
        r"|a exhorté|réclam\w+|a invité|souhaite que|exige)\b",
        "propose": r"\b(a proposé|propose|proposent|préconise|recommande|suggère|suggéré"
        r"|a plaidé)\b",
        "agree": r"\b(accepté|a donné son accord|sont convenus|convenu|d'accord pour"
        r"|se sont mis d'accord|consenti|approuvé)\b",
        "sign": r"\b(a signé|ont signé|signature|signé un|a ratifié|conclu un)\b",
        "denied": r"\b(a nié|dément\w*|a refusé|refuse de|refuse d'|n'a pas promis|a rejeté"
        r"|a démenti|exclut)\b",
    },
}

Document = dict[str, Any]
Candidate = tuple[Document, Span, Span]  # the sentence, after the one before it


def draw(data: Path, seed: int, times: int, without: Collection[str]) -> list[Document]:
    """The drawn sentences of both languages, shuffled; no article holds one of `without`."""
    chance = random.Random(seed)
    drawn: list[Document] = []
    for lang, name in SETS:
        with gzip.open(data / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
            documents = sorted(map(json.loads, lines), key=_id)
        if len(documents) > ARTICLES:
            documents = sorted(chance.sample(documents, ARTICLES), key=_id)
        documents = [d for d in documents if not any(known in d["text"] for known in without)]
        piles = _piles(documents, lang)
        used: set[str] = set()
        for pile, share in DRAWN.items():
            candidates = piles[pile]
            wanted, taken = share * times, 0
            for document, before, sentence in chance.sample(candidates, min(len(candidates), 200)):
                if taken < wanted and document["id"] not in used:
                    used.add(document["id"])
                    taken += 1
                    drawn.append(_line(name, document, before, sentence))
    chance.shuffle(drawn)
    return drawn


def _id(document: Document) -> str:
    return str(document["id"])


def _piles(documents: list[Document], lang: str) -> dict[str, list[Candidate]]:
    piles: dict[str, list[Candidate]] = defaultdict(list)
    for document in documents:
        spans = sentence_spans(document["text"], lang)
        for before, sentence in pairwise(spans):
            text = sentence.slice(document["text"])
            if len(text) not in LENGTHS or before.end - before.start > BEFORE:
                continue
            acts = [act for act, pattern in ACTS[lang].items() if re.search(pattern, text)]
            if not acts:
                piles["none"].append((document, before, sentence))
            elif re.search(PARTY[lang], text):
                for act in acts:
                    piles[act].append((document, before, sentence))
    return piles


def _line(name: str, document: Document, before: Span, sentence: Span) -> Document:
    text, start = document["text"][before.start : sentence.end], before.start
    return {
        "source": f"{name}/{document['id']}",
        "outlet": document["source"],
        "lang": document["lang"],
        "date": document["date"] and document["date"][:10],
        "text": text,
        "before": before.slice(document["text"]),
        "sentence": sentence.slice(document["text"]),
        "start": sentence.start - start,
        "end": sentence.end - start,
    }


def main() -> None:
    """Print the sentences that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="holds multihop_rag and orangesum_fr")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--times", type=int, default=1, help="times 20 sentences in each language")
    parser.add_argument(
        "--without", type=Path, nargs="*", default=[], help="sentences drawn before"
    )
    chosen = parser.parse_args()
    lines = [line for path in chosen.without for line in path.read_text("utf-8").splitlines()]
    without = {json.loads(line)["sentence"] for line in lines}
    for row in draw(chosen.data, chosen.seed, chosen.times, without):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
