"""Tokens of images and files by the providers' own formulas; base64 is never tokenised.

OpenAI: platform.openai.com/docs/guides/images-vision, tiles of 512 px, 85 + 170 a tile at high detail, 85 at low.
Anthropic: docs.anthropic.com vision, width x height / 750, at most about 1,600; a PDF page 1,500 to 3,000.
Gemini: ai.google.dev/gemini-api/docs/tokens, 258 an image or tile, 258 a page (more since Gemini 3), 32 a second of
audio, 263 a second of video.
Where the size cannot be read, the upper bound of the formula is taken.
"""

import base64
import binascii
import math
import struct

OPENAI_MOST = 85 + 170 * 8
ANTHROPIC_MOST = 1_600
PDF_PAGE = 3_000
UNKNOWN_FILE = 3_000
GEMINI_TILE = 258
GEMINI_MOST = GEMINI_TILE * 6
GEMINI_PAGE = 560
READ = 200_000
"""Base64 characters of an image that are decoded to find its size."""


def openai_image(url: str, detail: str = "auto") -> int:
    """Tokens of an OpenAI `image_url` part."""
    if detail == "low":
        return 85
    size = _size(_head(url.partition(",")[2])) if url.startswith("data:") else None
    return OPENAI_MOST if size is None else _tiles(*size)


def anthropic_image(data: str | None) -> int:
    """Tokens of an Anthropic image block; `data` is its base64, None when it is fetched from a URL."""
    size = _size(_head(data)) if data else None
    if size is None:
        return ANTHROPIC_MOST
    return min(ANTHROPIC_MOST, max(1, math.ceil(size[0] * size[1] / 750)))


def gemini(kind: str, data: str | None) -> int:
    """Tokens of a Gemini blob of that MIME type; `data` is its base64, None when it is fetched from elsewhere."""
    if kind.startswith("image/"):
        size = _size(_head(data)) if data else None
        return GEMINI_MOST if size is None else _crops(*size)
    if data and kind.startswith(("audio/", "video/")):
        seconds = len(data) * 3 // 4 / (16_000 if kind.startswith("audio/") else 50_000)
        return math.ceil(seconds * (32 if kind.startswith("audio/") else 263)) + 1
    return document(data, GEMINI_PAGE)


def document(data: str | None, page: int = PDF_PAGE) -> int:
    """Tokens of a PDF by its pages; `data` is its base64, None when it is fetched from elsewhere."""
    if not data:
        return UNKNOWN_FILE
    try:
        raw = base64.b64decode(data.partition(",")[2] if data.startswith("data:") else data)
    except (binascii.Error, ValueError):
        return UNKNOWN_FILE
    pages = (
        raw.count(b"/Type /Page") + raw.count(b"/Type/Page") - raw.count(b"/Type /Pages") - raw.count(b"/Type/Pages")
    )
    return page * max(1, pages)


def audio(data: str) -> int:
    """Tokens of an audio part: 10 a second, at 16 kB a second at least."""
    return max(10, len(data) * 3 // 4 // 1_600)


def _tiles(width: int, height: int) -> int:
    scale = min(1.0, 2_048 / max(width, height, 1))
    width, height = max(1, int(width * scale)), max(1, int(height * scale))
    scale = min(1.0, 768 / min(width, height))
    tiles = math.ceil(width * scale / 512) * math.ceil(height * scale / 512)
    return 85 + 170 * tiles


def _crops(width: int, height: int) -> int:
    """Small images are one tile; others are cut into tiles of a side between 256 and 768 pixels."""
    if max(width, height) <= 384:
        return GEMINI_TILE
    side = min(768, max(256, int(min(width, height) / 1.5)))
    return GEMINI_TILE * math.ceil(width / side) * math.ceil(height / side)


def _head(data: str) -> bytes:
    part = data[:READ]
    try:
        return base64.b64decode(part[: len(part) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""


def _size(raw: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF, WebP or JPEG."""
    if raw[:8] == b"\x89PNG\r\n\x1a\n" and len(raw) >= 24:
        return struct.unpack(">II", raw[16:24])
    if raw[:4] == b"GIF8" and len(raw) >= 10:
        return struct.unpack("<HH", raw[6:10])
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP" and len(raw) >= 30:
        return _webp(raw)
    return _jpeg(raw) if raw[:2] == b"\xff\xd8" else None


def _webp(raw: bytes) -> tuple[int, int] | None:
    kind = raw[12:16]
    if kind == b"VP8X":
        return int.from_bytes(raw[24:27], "little") + 1, int.from_bytes(raw[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", raw[26:30])
    return (width & 0x3FFF, height & 0x3FFF) if kind == b"VP8 " else None


def _jpeg(raw: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(raw) and raw[place] == 0xFF:
        kind = raw[place + 1]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", raw[place + 5 : place + 9])
            return width, height
        place += 2 + int.from_bytes(raw[place + 2 : place + 4], "big")
    return None
