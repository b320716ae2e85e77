"""What a fair model writes about the articles in seeds/ is mostly sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import detect_language, words
from index.sentences import sentence_spans
from qa.support import FEWEST, lack_of_support

# Shortened as the prompt asks: whole phrases, in their order. Sent are 39 of 42.
SHORTENED = """
There is still great room for cooperation between Vietnam and Japan, according to the Prime Minister.
According to the Prime Minister, there is still great room for cooperation between Vietnam and Japan.
At this Forum, there are hundreds of businesses of the two countries trying to seek opportunities for connection and trade.
The Prime Minister suggested that localities of the two countries focus on listening to businesses' opinions to proactively have preferential policies.
Third, identify cultural exchanges and mutual understanding as the foundation of long-term cooperation.
Fifth, further strengthen cooperation in green transformation, climate change response, resource management, natural disaster prevention and control.
The Japanese Prime Minister sent a Congratulatory message.
On the Japanese side, the Japanese Prime Minister sent a Congratulatory message.
Le Premier ministre Phạm Minh Chính a souligné que la coopération locale est l'un des domaines importants et distinctifs des relations d'amitié et de coopération Vietnam-Japon.
Le gouvernement vietnamien considère toujours cela comme un canal de coopération substantiel et efficace.
Le Premier ministre s'est dit heureux que les relations d'amitié et de coopération Vietnam-Japon se soient développées de manière positive au cours de la période écoulée.
The event not only served as a networking space for business communities but also played a crucial role in promoting bilateral economic, trade, and investment cooperation, especially in the Kansai region.
Third, he proposed that local authorities in both countries strengthen connections and promote cooperation to leverage their respective advantages.
He proposed that local authorities in both countries strengthen connections and promote cooperation to leverage their respective advantages.
He requested the Japanese government and businesses to continue to pay attention and accelerate the implementation of key cooperation projects and typical ODA projects.
He proposed that the governments and business communities of both countries enhance cooperation to support and create conditions for Vietnamese enterprises to participate more deeply in regional and global value chains.
PM Chính said Việt Nam always saw local cooperation as an effective channel to strengthen the bonds between the people of the two countries.
Governor Yamamoto said there was an increasing number of local businesses interested in investing in Vietnam.
He said that more Vietnam visits for business delegations were being planned for the future to promote trade and investment.
Gunma has the largest number of Vietnamese people in proportion to the local population in Japan.
The prefecture has seen success in its cooperation with Vietnamese ministries and departments in various sectors.
Governor Yamamoto said he appreciated the contributions of this community to the prefecture's socio-economic development, and would facilitate cultural and people exchanges for mutual understanding between Việt Nam and Japan.
PM Chính also witnessed the signing ceremony of a cooperation MOU between Việt Nam’s Hà Nam Province and Gunma.
Prime Minister Chính witnessed the signing ceremony of a cooperation memorandum of understanding between Việt Nam's Ha Nam Province and Gunma.
PM Chính encouraged companies from Japan and particularly Gunma to expand their operations in Việt Nam, highlighting technology transfer and employment of Vietnamese workers.
Gunma businesses also expressed interest in investing in electric equipment and component manufacturing, food industry, chemicals, science-technology, finance, tourism, entertainment.
The Vietnamese leader believed that bilateral cooperation between Việt Nam and Japan had seen encouraging results but had not yet reached its full potential.
The Vietnamese government leader visited Vietnamese workers at Shibata Gousei Co Ltd.
The PM proposed that Japan continue its support for Việt Nam's National Innovation Centre (NIC).
The Prime Minister proposed that Japan continue its support for Vietnam’s National Innovation Centre.
Chính also encouraged the Japanese business community to expand investment in Việt Nam, especially in the aforementioned strategic sectors.
Japanese Prime Minister Ishiba Shigeru highlighted the historical role of Japan’s manufacturing industry in Việt Nam’s economic growth since the 1990s.
PM Ishiba expressed appreciation for the close collaboration between Japanese and Vietnamese enterprises.
The Japanese PM reaffirmed Japan's commitment to supporting Vietnam in enhancing its resilience to external economic shocks.
Japan will support the construction of a polycrystalline silicon factory in Việt Nam and promote decarbonisation initiatives within industrial parks.
Japan will support the construction of a polycrystalline silicon factory in Vietnam.
Cooperation with the NIC is already connecting start-ups with leading enterprises from both nations.
The PM said that in the field of carbon reduction and energy cooperation, multiple projects are underway, including offshore wind power development.
T&T Group Deputy General Director Nguyễn Thị Thanh Bình said her company is currently implementing several significant green energy projects in partnership with Japanese enterprises.
Trương Gia Bình is the chairman of FPT Group.
Trương Gia Bình emphasised the role of Việt Nam's talented, young and ambitious workforce in driving this partnership.
As of March, Japan had more than 5,500 valid projects in Vietnam with a total capital of nearly US$78.6 billion.
""".strip().split("\n")  # noqa: E501


def sentences() -> Iterator[str]:
    """Every sentence of the articles that says something."""
    for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt")):
        text = path.read_text("utf-8")
        for span in sentence_spans(text, detect_language(text)):
            if len(words(span.slice(text))) >= FEWEST:
                yield span.slice(text)


@pytest.fixture(scope="module")
def sources() -> list[str]:
    return list(sentences())


def test_every_sentence_of_the_articles_is_sent_as_it_stands(sources: list[str]) -> None:
    assert len(sources) > 75
    assert [each for each in sources if lack_of_support(each.strip(), each)] == []


def test_of_fair_compressions_nine_in_ten_are_sent(sources: list[str]) -> None:
    lost = [
        said
        for said in SHORTENED
        if all(lack_of_support(said, source) is not None for source in sources)
    ]
    print(*lost, sep="\n")
    assert len(lost) / len(SHORTENED) <= 0.1
