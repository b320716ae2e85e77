"""The pictures of the chat page in the README, taken in Chromium from a server over seeds/.

    python -m tests.screenshots [--home HOME]

Writes one PNG a state to `tests/data/screenshots/`. Without a home it builds one of seeds/ first.
"""

from __future__ import annotations

import argparse
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.api.browsing import CHROMIUM, FLAGS
from tests.campaigns.shipped import seeds_home, shipped

FOLDER = Path(__file__).parent / "data" / "screenshots"
DESK, PHONE = (1100, 680), (360, 680)
QUESTION = "What did Phạm Minh Chính propose for cooperation with Japanese localities?"
UNKNOWN = "Who won the football match in Hà Nội?"


def empty(page: Page) -> None:
    """The page before any question."""
    page.locator(".examples").wait_for()


def answer(page: Page) -> None:
    """An answer, and beside it the article of its first citation."""
    _ask(page, QUESTION)
    page.locator(".quotes .source").first.click()
    page.locator("#cited").wait_for()


def abstention(page: Page) -> None:
    """No answer, with its reason and the closest passages."""
    _ask(page, UNKNOWN)
    page.locator(".abstention").wait_for()


def phone(page: Page) -> None:
    """An answer on a small screen."""
    _ask(page, QUESTION)


def _ask(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".state .facts").wait_for()
    page.locator("#question").blur()


PICTURES: dict[str, tuple[Callable[[Page], None], tuple[int, int], str]] = {
    "empty": (empty, DESK, "light"),
    "answer": (answer, DESK, "light"),
    "answer-dark": (answer, DESK, "dark"),
    "abstention": (abstention, DESK, "light"),
    "phone": (phone, PHONE, "light"),
}


def take(address: str, folder: Path) -> None:
    """Write all pictures of the page at this address."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--disable-lcd-text"]
        )
        for name, (reach, (width, height), scheme) in PICTURES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page.goto(address)
            reach(page)
            page.wait_for_timeout(200)  # what fades in has
            (folder / f"{name}.png").write_bytes(slim(page.screenshot(caret="hide")))
            page.close()
        browser.close()


def slim(png: bytes) -> bytes:
    """The same picture with a palette of the 256 colours that it has most of."""
    width, height = struct.unpack(">II", png[16:24])
    deep = {2: 3, 6: 4}[png[25]]  # RGB, or RGB and alpha
    pixels = _unfiltered(zlib.decompress(_data(png)), width, height, deep)[..., :3].astype(int)
    codes, counts = np.unique(pixels @ [65536, 256, 1], return_counts=True)
    palette = codes[np.argsort(-counts, kind="stable")[:256]]
    colours = np.stack([palette >> 16, palette >> 8 & 255, palette & 255], axis=-1)
    nearest = [
        ((colours - [c >> 16, c >> 8 & 255, c & 255]) ** 2).sum(axis=1).argmin() for c in codes
    ]
    rows = np.array(nearest, np.uint8)[np.searchsorted(codes, pixels @ [65536, 256, 1])]
    lines = np.pad(rows, ((0, 0), (1, 0))).tobytes()  # no line is filtered
    return b"".join(
        (
            png[:8],
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", colours.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _data(png: bytes) -> bytes:
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return data


def _unfiltered(data: bytes, width: int, height: int, deep: int) -> np.ndarray:
    """The pixels, shape (height, width, deep); PNG keeps most of them as differences."""
    lines = np.frombuffer(data, np.uint8).reshape(height, width * deep + 1)
    pixels = np.zeros((height + 1, width + 1, deep), int)
    for y, line in enumerate(lines, 1):
        kind, row = line[0], line[1:].reshape(width, deep).astype(int)
        above = pixels[y - 1]
        if kind in (0, 2):
            pixels[y, 1:] = row + (above[1:] if kind else 0) & 255
        elif kind == 1:
            pixels[y, 1:] = np.cumsum(row, axis=0) & 255
        else:
            for x in range(1, width + 1):
                left, up, corner = pixels[y, x - 1], above[x], above[x - 1]
                guess = (left + up) // 2 if kind == 3 else _paeth(left, up, corner)
                pixels[y, x] = row[x - 1] + guess & 255
    return pixels[1:, 1:]


def _paeth(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    nearer = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearer)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Take all pictures over one home."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="a home whose index is built already")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        home = chosen.home or seeds_home(Path(aside) / "home")
        with shipped(home) as (_, port):
            take(f"http://127.0.0.1:{port}", FOLDER)


if __name__ == "__main__":
    main()
