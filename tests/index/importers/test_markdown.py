import datetime
import io
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ImportRefusedError
from index.importers import markdown
from index.sentences import sentence_spans

FORUM = Path(__file__).parents[2] / "data" / "articles" / "forum.md"


def read(text: str) -> Article:
    [outcome] = markdown.read(io.BytesIO(text.encode()), "stem", "stem.md")
    assert isinstance(outcome, tuple)
    return outcome[1]


def test_front_matter_fills_the_metadata_and_stays_in_the_text() -> None:
    written = FORUM.read_text(encoding="utf-8")
    article = read(written)
    assert article.text == written
    assert article.title == "Local cooperation forum opens"
    assert (article.date, article.outlet) == (datetime.date(2025, 11, 25), "VGP")
    assert (article.lang, article.url) == ("en", "https://news.example/forum")
    assert [span.slice(written) for span in sentence_spans(written, "en")] == [
        "A heading that the front matter overrules",
        "The forum opened in **Quảng Ninh** on Tuesday.",
        "Governor Yamamoto spoke first.",
        "M. Takebe spoke last.",
    ]


def test_the_first_heading_of_the_first_level_is_the_title() -> None:
    article = read("![badge](x)\n\n## Part\n\n# The visit #\n\nChính came.")
    assert (article.id, article.title) == ("stem", "The visit")


def test_a_bad_value_in_the_front_matter_is_refused_by_name() -> None:
    with pytest.raises(ImportRefusedError, match="date 'yesterday' is no ISO 8601 day"):
        read("---\ndate: yesterday\n---\nChính came.")
