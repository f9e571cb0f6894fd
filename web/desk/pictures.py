"""Pictures of both sides: judged by content and made anew without metadata."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from web.desk.errors import DeskError

LARGEST = 8 * 1024 * 1024  # bytes as sent
PIXELS = 30_000_000  # a few kilobytes can claim to be a picture of any size
# Phones photograph in more, as JPEG or HEIC: what their decoders can give smaller, strip by strip.
PHOTO = 65_000_000
STRIP = 512  # rows
SIDE = 4096  # pixels; larger ones are made smaller
STRETCH = 16_000  # of a long screenshot, whose width must stay readable
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "HEIF")
# What iPhones take. One thread a picture, for the pool that decodes is the budget; previews inside
# are pictures that nobody asked for.
pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False)


class BadPicture(DeskError):
    """What was sent is no picture that we take: reason is "size", "pixels" or "kind"."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no picture to take: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: WebP bytes and its size in pixels."""

    content: bytes
    width: int
    height: int


def remake(raw: bytes) -> Picture:
    """Decode a picture and encode its pixels alone: no metadata, no place, nothing hidden behind.

    Its type is what its content says. Raises BadPicture.
    """
    bare = decode(raw)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82, method=2)
    return Picture(out.getvalue(), bare.width, bare.height)


def decode(raw: bytes) -> Image.Image:
    """Return a picture's pixels alone, upright, on white where it is clear; raises BadPicture."""
    if not 0 < len(raw) <= LARGEST:
        raise BadPicture("size")
    try:
        image = _open(raw)
        clear = "A" in image.getbands() or "transparency" in image.info
        image = image.convert("RGBA" if clear else "RGB")
    except BadPicture:
        raise
    except Image.DecompressionBombError:
        raise BadPicture("pixels") from None
    except UnidentifiedImageError:
        raise BadPicture("kind") from None
    except Exception as error:
        # Broken files fail in as many ways as there are decoders; none of them is our fault.
        raise BadPicture("kind") from error
    if clear:
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    narrow, long = sorted(image.size)
    scale = min(1.0, SIDE / narrow, STRETCH / long)
    if scale < 1:
        image = image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    # A new image, so that nothing of the old one's info goes along. Pasting lets the loop go on,
    # and needs no third copy of what may be 90 MB.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def is_large(raw: bytes) -> bool:
    """Tell whether a picture takes so much memory that only one is to be decoded at a time."""
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            return PIXELS < opened.width * opened.height <= PHOTO
    except Exception:  # decode says what is wrong
        return False


def _open(raw: bytes) -> Image.Image:
    """Decode, at a fraction of its size what would otherwise be too many pixels; upright."""
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        pixels = opened.width * opened.height
        if pixels > PIXELS and (opened.format not in ("JPEG", "HEIF") or pixels > PHOTO):
            raise BadPicture("pixels")
        if pixels > PIXELS and opened.format == "HEIF":
            return _halved(raw)
        if pixels > PIXELS:
            opened.draft("RGB", (opened.width // 2, opened.height // 2))
        else:
            opened.draft("RGB", (SIDE, SIDE))
        opened.load()
        return ImageOps.exif_transpose(opened)


def _halved(raw: bytes) -> Image.Image:
    """Decode a HEIC photo to half its sides, never holding more of it than the decoder's own copy.

    Pillow keeps four bytes a pixel and copies on each step: 600 MB for what takes 300 MB here.
    """
    frame = pillow_heif.open_heif(io.BytesIO(raw), convert_hdr_to_8bit=True)
    data, (width, height) = frame.data, frame.size
    if width * height > PHOTO or frame.mode not in ("RGB", "RGBA", "L"):
        raise BadPicture("pixels")
    half = Image.new(frame.mode, (width // 2, height // 2))
    for top in range(0, height - height % 2, STRIP):
        rows = min(STRIP, height - height % 2 - top)
        part = data[top * frame.stride : (top + rows) * frame.stride]
        strip = Image.frombuffer(
            frame.mode, (width, rows), part, "raw", frame.mode, frame.stride, 1
        )
        half.paste(strip.reduce(2, (0, 0, width - width % 2, rows)), (0, top // 2))
    return half
