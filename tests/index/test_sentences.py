from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.importers.metadata import read_marks
from index.sentences import LONGEST_SENTENCE, sentence_spans

SEEDS = Path(__file__).parents[2] / "seeds"


def split(text: str, lang: str | None = "en") -> list[str]:
    return [span.slice(text) for span in sentence_spans(text, lang)]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Governor J. K. Yamamoto met Mr. Smith and Dr. Jones."),
        ("en", "He visited Shibata Gousei Co Ltd, a company of Toyota Co., Ltd. in Gunma."),
        ("en", "Gen. Abe, Gov. Yamamoto and Sen. Bob flew from St. Louis to Mt. Fuji."),
        ("en", "The U.S. Army landed at No. 5 pier at 5 p.m. on Jan. 5, it said."),
        ("en", "Apple Inc. said profit rose 3.5 per cent."),
        ("en", "Wait... he said nothing… and left."),
        ("en", "“Will you come?” he asked."),
        ("en", 'His words were "Work! Work and Work!".'),
        ("en", "See www.vnexpress.net or write to news@vns.com.vn today."),
        ("en", "green economy; science, innovation...; semiconductors, energy."),
        ("fr", "M. Yamamoto et Mme. Dupont ont vu S. E. M. Ito."),
        ("fr", "L'art. 5 du code et le n° 5 valent env. 5 km."),
        ("fr", "M. Le Drian et M. J.-P. Martin sont là."),
        ("vi", "TP. Hồ Chí Minh đón GS.TS. Nguyễn Văn An."),
        ("vi", "PGS.TS. Trần Bình và ThS. Lê Cường ở TP.HCM, Q. 1."),
        ("vi", "Tổng vốn là 1.000.000 đồng và 3,5 tỷ USD."),
    ],
)
def test_abbreviations_initials_and_numbers_do_not_end_a_sentence(
    lang: str | None, sentence: str
) -> None:
    assert split(f"{sentence} {sentence}", lang) == [sentence, sentence]


@pytest.mark.parametrize(
    "sentences",
    [
        ["He lives in the U.S.", "He left at 5 p.m.", "She stayed."],
        ["“It is good.”", "He said so."],
        ["(He went.)", "Then she left."],
        ["It grew…", "These are areas of strength."],
        ["They trade AI, chips, etc.", "Japan agreed."],
        ["Asked, he said no.", "Profit rose."],
        ["Take vitamin C.", "The doctor said so."],
        ["Really?!", "Yes!", "It was 2023.", "Then he left."],
        ["1. The first item.", "2. The second item."],
        ["Trụ sở ở Hà Nội.", "Ông nói: “Tốt.”", "Đoàn đã về."],
    ],
)
def test_a_full_stop_with_its_closing_quote_or_bracket_ends_a_sentence(
    sentences: list[str],
) -> None:
    assert split(" ".join(sentences)) == sentences


def test_french_quotation_marks_set_apart_by_a_space_stay_with_their_sentence() -> None:
    assert split("« Bonjour. » Il part.", "fr") == ["« Bonjour. »", "Il part."]


def test_languages_without_a_rule_of_ours_are_cut_too() -> None:
    assert split("今日は晴れ。明日は雨。", "ja") == ["今日は晴れ。", "明日は雨。"]
    assert split("Er kam. Sie ging.", "xx") == split("Er kam. Sie ging.", None)


def test_text_in_lower_case_only_is_cut_at_its_full_stops() -> None:
    assert split("he came. she left.") == ["he came.", "she left."]


def test_a_sentence_wrapped_over_lines_is_one_sentence() -> None:
    text = (
        "Prime Minister Phạm Minh Chính on Friday visited Gunma\n"
        "Prefecture as part of his trip to Japan, where he met the\r\n"
        "Governor. He thanked Mr.\n"
        "Yamamoto."
    )
    assert split(text) == [text[: text.index(" He ")], text[text.index("He thanked") :]]


def test_a_break_after_a_comma_or_a_function_word_joins() -> None:
    assert split("He met Abe,\nYamamoto and\nTakebe.") == ["He met Abe,\nYamamoto and\nTakebe."]


def test_a_deliberate_break_ends_a_sentence() -> None:
    assert split("Vietnam\nJapan\nLaos") == ["Vietnam", "Japan", "Laos"]


def test_lines_of_paragraph_length_end_a_sentence_unless_lower_case_follows() -> None:
    line = "mot " * 60 + "pour"
    assert split(f"{line}\nIndiquant cela.", "fr") == [line, "Indiquant cela."]
    assert split(f"{line}\nindiquer cela.", "fr") == [f"{line}\nindiquer cela."]


def test_headings_and_list_items_are_spans_of_their_own_without_their_marks() -> None:
    text = "It grew.\n\nBusiness ties\n\nDuring it\n\n## Next steps\nJapan invests\n- one\n* two"
    assert split(text) == [
        "It grew.", "Business ties", "During it", "Next steps", "Japan invests", "one", "two",
    ]  # fmt: skip


def test_date_head_dateline_agency_mark_and_front_matter_belong_to_no_sentence() -> None:
    text = "---\ntitle: A visit\n---\n date 2023-12-15 VIETNAM, May 5 - HÀ NỘI — He came. — VNS"
    assert split(text) == ["He came."]


def test_a_dateline_below_the_headline_belongs_to_no_sentence() -> None:
    assert split("A visit to Gunma\n\nHÀ NỘI — He came.") == ["A visit to Gunma", "He came."]


def test_offsets_count_code_points() -> None:
    text = "😀 Chính đến. 𝒳 left."
    assert [(span.start, span.end) for span in sentence_spans(text, "en")] == [(0, 12), (13, 20)]


def test_a_run_on_text_is_cut_at_semicolons_then_commas_then_blanks() -> None:
    clause = "word " * 100 + "end"
    for mark in (";", ",", ""):
        text = f"{mark} ".join([clause] * 4)
        pieces = split(text)
        assert all(len(piece) <= LONGEST_SENTENCE for piece in pieces)
        assert all(piece.endswith(f"end{mark}") for piece in pieces[:-1]) or not mark
        assert " ".join(pieces) == text
    assert [len(piece) for piece in split("a" * 3000)] == [1200, 1200, 600]


def test_a_long_quotation_is_cut_at_its_own_full_stops() -> None:
    sentence = "We will work together for the good of both of our countries and peoples, always."
    text = f"“{' '.join([sentence] * 6)}” he said."
    assert split(text)[:2] == [f"“{sentence}", sentence]


def test_the_seeds_give_whole_sentences() -> None:
    text = (SEEDS / "003_25e98e61ab3d5004.txt").read_text(encoding="utf-8")
    found = split(text)
    assert len(found) == 16
    assert found[0].startswith("Prime Minister Phạm Minh Chính on Friday")
    assert found[-1].endswith("environment-friendly manufacturing.")
    french = split((SEEDS / "001_8c345e074a1b6c40.txt").read_text(encoding="utf-8"), "fr")
    assert len(french) == 8
    assert french[0].endswith("localités japonaises participant au forum.")
    assert french[5].endswith("qu'elles renforcent leurs")
    first = split((SEEDS / "000_cc25c5e4eb16ecbd.txt").read_text(encoding="utf-8"))
    assert len(first) == 20
    assert first[14].endswith('which was "Doing Business! Work! Work and Work!".')


@pytest.mark.parametrize(
    "unit",
    ["a", ".", "! ", "a. ", '"', "“a. ", "« ", "( ", "\0. ", "\ud800. ", "\u200f.\u202e ", "1. ",
     "a.\n\n", "\n", "He went. ", "Mr. ", "... ", "A.” ", "word\n", "#", "- ", "—", "; ", "A; "],
)  # fmt: skip
def test_hostile_text_is_cut_into_short_pieces(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    spans = sentence_spans(text, "en")
    assert all(span.end - span.start <= LONGEST_SENTENCE for span in spans)


PIECES = st.sampled_from(
    ["a", "B", "Việt", "M.", "U.S.", "1.", "…", "...", ".", "!", "?", "“", "”", '"', "«", "»", "(",
     ")", ";", ",", " ", "  ", "\n", "\r\n", "\n\n", "# ", "- ", "---", "—", " — VNS", "HÀ NỘI — ",
     " date 2023-12-15 ", "(AFP) - ", "\u2028", "\u00a0", "\u0301", "😀", "。", "\0", "\ud800"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)), st.sampled_from(
    ["en", "fr", "vi", "ja", "xx", None]))  # fmt: skip
def test_spans_are_ordered_disjoint_trimmed_and_leave_no_letter_out(
    text: str, lang: str | None
) -> None:
    spans = sentence_spans(text, lang)
    left_out = list(text)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert span.slice(text) == span.slice(text).strip()
        left_out[span.start : span.end] = " " * (span.end - span.start)
        end = span.end
    for mark in read_marks(text).spans:
        assert not any(mark.overlaps(span) for span in spans)
        left_out[mark.start : mark.end] = " " * (mark.end - mark.start)
    assert not any(mark.isalnum() for mark in left_out)
