"""Words that carry no topic of their own, question words among them, by language.

They are written as a careful writer types them, marks included: in Vietnamese `là` (is) is a stop
word and `lá` (leaf) is not. `index.text.is_stop_word` compares words with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": _listed("""
            a about after again all also am an and any are aren't as at be because been before being
            between both but by can can't could couldn't did didn't do does doesn't doing don't
            during each for from further had hadn't has hasn't have haven't having he her here hers
            him his how i if in into is isn't it its just ll many me more most much my no nor not of
            off on once only or other our out over own re s same she should shouldn't so some such
            t than that the their them then there these they this those through to too under until
            up ve very was wasn't we were weren't what when where whether which while who whom
            whose why will with won't would wouldn't you your
        """),
        "fr": _listed("""
            a à ai ainsi alors après as au aucun aussi autre autres aux avait avant avec avez avoir
            avons ayant c car ce ceci cela celle celles celui ces cet cette ceux chez ci combien
            comme comment d dans de depuis des donc dont du elle elles en encore entre es est et
            étaient était étant été être eu eux faire fait font fut furent il ils j je jusqu jusque
            l la là laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m
            ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par parce pas pendant
            peu peut plus pour pourquoi puis puisqu puisque qu quand que quel quelle quelles quels
            qui quoi quoiqu quoique s sa sans se selon sera seront ses si soit son sont sous sur t
            ta te tes toi ton tous tout toute toutes très tu un une va vers vont vos votre vous y
        """),
        "vi": _listed("""
            ai bao bằng bị bởi các cái cho chưa có cũng của cùng đã đang đâu để đến đều đi điều do
            được đó gì giờ hay hoặc hơn khi không là lại làm lên mà mấy mình mỗi một nào này nên
            nếu nhiêu như nhưng những nó ở ra rằng rất rồi sao sau sẽ tại theo thì trên trong trước
            từ từng và vẫn vào về vì việc với vừa
        """),
    }
)
