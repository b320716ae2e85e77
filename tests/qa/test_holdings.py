"""What an index holds, told in one sentence."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from index import Article, open_snapshot
from qa.holdings import holdings
from tests.qa.homes import FERRY, HARVEST, RICE, Home

HomeOf = Callable[..., Home]


@pytest.fixture
def held(home_of: HomeOf) -> Callable[..., str]:
    """What an index of these articles says that it holds."""

    def told(*articles: Article) -> str:
        home = home_of()
        home.build(*articles)
        return holdings(open_snapshot(home.store, 1, home.library))

    return told


def test_articles_languages_days_and_outlets_are_told(held: Callable[..., str]) -> None:
    assert held(FERRY, HARVEST, RICE) == (
        "The index holds 3 articles; lang en 1, fr 1, vi 1; dated 2025-04-28 to 2025-05-06; "
        "outlet Agence France 1, Baltic Wire 1, Việt Nam News 1."
    )


def test_the_most_frequent_comes_first_and_equals_in_the_order_of_their_names(
    held: Callable[..., str],
) -> None:
    more = [replace(RICE, id=f"more{n}", text=f"{RICE.text} Số {n}.") for n in range(2)]
    assert "; lang vi 3, en 1, fr 1; " in held(RICE, HARVEST, FERRY, *more)


def test_a_single_article_is_one_article(held: Callable[..., str]) -> None:
    assert held(FERRY) == (
        "The index holds 1 article; lang en 1; dated 2025-04-28 to 2025-04-28; "
        "outlet Baltic Wire 1."
    )


def test_what_no_article_has_is_left_out(held: Callable[..., str]) -> None:
    bare = replace(FERRY, date=None, outlet=None)
    assert held(bare) == "The index holds 1 article; lang en 1."
    assert held(replace(bare, lang=None)) == "The index holds 1 article."


def test_an_article_without_a_date_or_outlet_is_counted_all_the_same(
    held: Callable[..., str],
) -> None:
    dated = replace(FERRY, date=datetime.date(1985, 1, 31))
    assert held(dated, replace(HARVEST, date=None, outlet=None)) == (
        "The index holds 2 articles; lang en 1, fr 1; dated 1985-01-31 to 1985-01-31; "
        "outlet Baltic Wire 1."
    )


def test_no_more_than_five_outlets_are_named(held: Callable[..., str]) -> None:
    papers = [replace(FERRY, id=name, text=f"Ferry {name}.", outlet=name) for name in "fedcba"]
    assert held(*papers[1:]).endswith("; outlet a 1, b 1, c 1, d 1, e 1.")
    assert held(*papers).endswith("; outlet a 1, b 1, c 1, d 1, e 1, ….")


def test_an_index_without_articles_says_so(held: Callable[..., str]) -> None:
    assert held() == "The index holds no articles."
