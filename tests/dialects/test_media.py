"""Images and files by the providers' formulas, their sizes read from headers made here by hand."""

import base64
import struct

import pytest

from litany.dialects.media import ANTHROPIC_MOST, OPENAI_MOST, PDF_PAGE, anthropic_image, audio, document, openai_image


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\x00\x00\x00"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3)


def jpeg(width: int, height: int) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    return b"\xff\xd8" + app0 + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)


def webp(width: int, height: int) -> bytes:
    body = b"VP8X" + struct.pack("<II", 10, 0) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webp_lossy(width: int, height: int) -> bytes:
    body = b"VP8 " + struct.pack("<I", 10) + b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webp_lossless(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + bits.to_bytes(4, "little") + bytes(8)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("made", [png, gif, jpeg, webp, webp_lossy, webp_lossless])
def test_every_format_gives_its_size(made: type[bytes]) -> None:
    raw = encoded(made(1_000, 600))  # type: ignore[call-overload]  # each one is a function of width and height

    assert anthropic_image(raw) == 800  # 1,000 x 600 / 750
    assert openai_image(f"data:image/x;base64,{raw}") == 85 + 170 * 4  # 2 x 2 tiles


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [(512, 512, 255), (1_024, 1_024, 765), (2_048, 4_096, 1_105), (100, 100, 255), (10_000, 10, 765)],
)
def test_openai_counts_tiles_after_its_two_reductions(width: int, height: int, tokens: int) -> None:
    assert openai_image(f"data:image/png;base64,{encoded(png(width, height))}", "high") == tokens


def test_low_detail_costs_the_same_for_every_size() -> None:
    assert openai_image(f"data:image/png;base64,{encoded(png(4_000, 4_000))}", "low") == 85


def test_anthropic_counts_pixels_up_to_its_most() -> None:
    assert [anthropic_image(encoded(png(side, side))) for side in (200, 1_000, 4_000)] == [54, 1_334, ANTHROPIC_MOST]


@pytest.mark.parametrize("data", ["", "!!!", encoded(b"no image at all"), encoded(b"\xff\xd8\xff"), encoded(b"RIFF")])
def test_where_the_size_cannot_be_read_the_most_is_taken(data: str) -> None:
    assert anthropic_image(data) == ANTHROPIC_MOST
    assert openai_image(f"data:image/png;base64,{data}") == OPENAI_MOST


def test_an_image_that_is_fetched_is_taken_at_its_most() -> None:
    assert (openai_image("https://example.org/a.png"), anthropic_image(None)) == (OPENAI_MOST, ANTHROPIC_MOST)


def test_a_pdf_is_counted_by_its_pages() -> None:
    pdf = b"%PDF-1.4 /Type /Pages /Kids" + b" /Type /Page /Parent" * 3

    assert document(encoded(pdf)) == document(f"data:application/pdf;base64,{encoded(pdf)}") == 3 * PDF_PAGE
    assert document(None) == PDF_PAGE


def test_audio_is_counted_by_its_length() -> None:
    assert (audio(""), audio("A" * 640_000)) == (10, 300)
