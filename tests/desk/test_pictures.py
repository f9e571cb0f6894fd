"""Pictures are judged by content and made anew; the card is corrected until an agent has it."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.desk.conftest import Desk
from web.desk import assignments, attachments, corrections, escalations, events, pixels
from web.desk.errors import WrongState
from web.desk.events import CUSTOMER
from web.desk.models import Escalation

ROOT = Path(__file__).resolve().parents[2]


def drawn(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **options)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "HEIF"])
def test_every_kind_becomes_a_plain_webp(kind: str) -> None:
    made = pixels.remake(drawn(kind))
    with Image.open(io.BytesIO(made.content)) as image:
        assert (image.format, image.size) == ("WEBP", (60, 40))


def test_metadata_and_whatever_hangs_behind_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "小林在家"
    exif[0x0110] = "SecretPhone"
    raw = drawn("JPEG", exif=exif) + b"PK\x03\x04hidden archive"
    assert b"SecretPhone" in raw
    made = pixels.remake(raw).content
    assert b"SecretPhone" not in made
    assert b"hidden" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert not image.getexif()


def test_a_photo_of_an_iphone_is_taken_and_tells_no_place() -> None:
    exif = Image.Exif()
    exif[0x010E] = "SecretPlace"
    raw = drawn("HEIF", size=(64, 40), exif=exif)
    assert raw[4:12] == b"ftypheic"
    assert b"SecretPlace" in raw
    made = pixels.remake(raw)
    assert (made.width, made.height) == (64, 40)
    assert b"SecretPlace" not in made.content
    with Image.open(io.BytesIO(made.content)) as image:
        red, green, blue = image.convert("RGB").getpixel((32, 20))
    assert red > 200 > green > 120 > 60 > blue  # orange still


FIFTY = (8192, 6144)
# What a process of the server's holds at most while it decodes such a photo, beyond what it held.
MOST_MB = 400


@pytest.fixture(scope="module", params=["HEIF", "JPEG"])
def photo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of fifty megapixels, as phones take them: red above, blue below."""
    image = Image.new("RGB", FIFTY, "red")
    image.paste("blue", (0, FIFTY[1] // 2, *FIFTY))
    path = tmp_path_factory.mktemp("photos") / "photo"
    fast = {"enc_params": {"preset": "ultrafast"}} if request.param == "HEIF" else {}
    image.save(path, request.param, quality=30, **fast)
    return path


def test_a_photo_of_fifty_megapixels_is_taken_at_half_its_sides(photo: Path) -> None:
    raw = photo.read_bytes()
    made = pixels.remake(raw)
    assert (made.width, made.height) == (4096, 3072)
    with Image.open(io.BytesIO(made.content)) as image:
        corners = [image.getpixel((9, 9)), image.getpixel((4000, 3000))]
        seam = [image.getpixel((9, at)) for at in (1530, 1541)]
    assert [red > 200 > 60 > blue for red, _, blue in (corners[0], seam[0])] == [True, True]
    assert [blue > 200 > 60 > red for red, _, blue in (corners[1], seam[1])] == [True, True]


def test_a_large_photo_takes_a_bounded_memory(photo: Path) -> None:
    script = (
        "import pathlib, resource, sys\n"
        "from web.desk import pixels\n"
        "held = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "raw, before = pathlib.Path(sys.argv[1]).read_bytes(), held()\n"
        "pixels.remake(raw)\n"
        "print(held() - before)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(photo)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    assert int(ran.stdout) / scale < MOST_MB


def heif_bomb() -> bytes:
    """A HEIC of some hundred bytes that claims to be huge."""
    raw = drawn("HEIF", size=(64, 64))
    size = struct.pack(">II", 64, 64)
    assert size in raw
    return raw.replace(size, struct.pack(">II", 60_000, 60_000))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "size"),
        (b"<svg onload=alert(1)>", "kind"),
        (b"%PDF-1.7 no picture", "kind"),
        (b"\x89PNG\r\n\x1a\n broken", "kind"),
        (drawn("HEIF")[:300], "kind"),
        (heif_bomb(), "pixels"),
        (bomb(60_000, 60_000), "pixels"),
        (bomb(900, 900), "kind"),
        (b"\0" * (pixels.LARGEST + 1), "size"),
    ],
)
def test_what_is_no_picture_to_take_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(pixels.BadPicture) as refused:
        pixels.remake(raw)
    assert refused.value.reason == reason


def test_the_card_is_corrected_by_the_customer_until_an_agent_has_it(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    card = {
        "problem": "付款失败",
        "amount": "120 元",
        "tried": [{"step": "network", "result": "no"}],
    }
    with desk.database.write() as session:
        escalations.escalate(
            session, xiaolin, CUSTOMER, desk.now, topic="pay_failed", reason="asked",
            urgent=False, card=card,
        )  # fmt: skip
        wished = {"amount": "12 元", "error_text": "密码是hunter22", "problem": ""}
        event = corrections.write(session, xiaolin, wished, desk.now)
        assert event is not None
        assert corrections.write(session, xiaolin, {"amount": "12 元"}, desk.now) is None
        case = session.query(Escalation).one()
        assert case.card["amount"] == "12 元"
        assert "hunter22" not in str(case.card)
        assert "problem" not in case.card
        assert case.card["tried"] == card["tried"]
        assert "asked" in case.card
        assignments.claim(session, xiaolin, desk.anna, desk.now)
        assert not corrections.read(session, xiaolin)["editable"]
        with pytest.raises(WrongState):
            corrections.write(session, xiaolin, {"amount": "1 元"}, desk.now)
        assert [e.type for e in events.after(session, xiaolin, 0)] == [
            "escalated",
            "card_edited",
            "agent_joined",
        ]


def test_a_picture_from_before_pictures_were_sealed_is_sealed_once(
    desk: Desk, tmp_path: Path
) -> None:
    one, name, seen = desk.open().conversation.id, "a" * 32, drawn()
    sealed, plain = attachments.paths_of(tmp_path, name)
    plain.parent.mkdir(parents=True, exist_ok=True)
    plain.write_bytes(seen)
    with desk.database.write() as session:
        assert attachments.seal_file(session, tmp_path, one, name)
        assert not attachments.seal_file(session, tmp_path, one, name)
    assert not plain.exists()
    assert seen not in sealed.read_bytes()
