"""Whether a confidence of 80 % is right eight times in ten: a reliability diagram as SVG."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

from benchmarks.intervals import interval, mean
from benchmarks.messages import Judged

# Bins hold equally many messages: fixed ones would be empty in the middle.
BINS = 10
BANDS = 5
SIDE = 320
MARGIN = 56


def bins(judged: Sequence[Judged]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share of right first answers, messages) by confidence."""
    ordered = sorted(judged, key=lambda one: one.found.confidence)
    pairs = [(one.found.confidence, float(one.right)) for one in ordered]
    edges = [round(number * len(pairs) / BINS) for number in range(BINS + 1)]
    found = []
    for start, end in itertools.pairwise(edges):
        part = pairs[start:end]
        if part:
            sure = sum(confidence for confidence, _ in part) / len(part)
            found.append((sure, sum(right for _, right in part) / len(part), len(part)))
    return found


def report(judged: Sequence[Judged]) -> None:
    """Print, for five bands of confidence, how often the first FAQ is right."""
    print("\n  confidence       messages   sure     right")
    for low, part in enumerate(bands(judged)):
        if part:
            sure, right = (
                mean([one.found.confidence for one in part]),
                mean([o.right for o in part]),
            )
            name = f"{low / BANDS:.1f} to {(low + 1) / BANDS:.1f}"
            print(f"  {name} {len(part):13}   {sure:6.1%}  {right:6.1%}")
    found, low_end, high_end = interval(judged, expected_error)
    print(f"  expected calibration error {found:.1%}   (95 %: {low_end:.1%} to {high_end:.1%})")


def bands(judged: Sequence[Judged]) -> list[list[Judged]]:
    """Part messages by their confidence, into BANDS equally wide ones."""
    found: list[list[Judged]] = [[] for _ in range(BANDS)]
    for one in judged:
        found[min(int(one.found.confidence * BANDS), BANDS - 1)].append(one)
    return found


def expected_error(judged: Sequence[Judged]) -> float:
    """Return the mean distance of confidence and share right over the bands, by messages."""
    return sum(
        abs(sum(one.found.confidence - one.right for one in part)) for part in bands(judged)
    ) / max(1, len(judged))


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the mean distance of confidence and share over the bins, by their messages."""
    found = bins(judged)
    count = sum(size for *_, size in found) or 1
    return sum(size * abs(sure - right) for sure, right, size in found) / count


def draw(judged: Sequence[Judged], path: Path) -> None:
    """Write the diagram: a dot a bin with its 95 % interval, and the diagonal."""
    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif" font-size="12">',
        "<title>Confidence and how often it is right</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for number in range(6):
        share = number / 5
        x, y = _x(share), _y(share)
        parts += [
            f'<path d="M{x:.1f} {_y(0):.1f}V{_y(1):.1f}M{_x(0):.1f} {y:.1f}H{_x(1):.1f}" '
            'stroke="#e3e3e3"/>',
            f'<text x="{x:.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">{share:.0%}</text>',
            f'<text x="{_x(0) - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>',
        ]
    parts += [
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
        f'<text x="{_x(0.5)}" y="{height - 12}" text-anchor="middle">confidence</text>',
        f'<text transform="translate(16 {_y(0.5)}) rotate(-90)" text-anchor="middle">'
        "first answer right</text>",
    ]
    for sure, right, size in bins(judged):
        low, high = _wilson(right, size)
        x = _x(sure)
        parts += [
            f'<path d="M{x:.1f} {_y(low):.1f}V{_y(high):.1f}" stroke="#c2410c" opacity=".5"/>',
            f'<circle cx="{x:.1f}" cy="{_y(right):.1f}" r="4.5" fill="#c2410c">'
            f"<title>{sure:.0%} sure, {right:.0%} right, {size} messages</title></circle>",
        ]
    error = calibration_error(judged)
    parts += [
        f'<text x="{_x(0)}" y="{MARGIN - 24}" font-size="14">{len(judged)} messages, '
        f"mean distance {error * 100:.1f} points</text>",
        "</svg>",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _x(share: float) -> float:
    return MARGIN + share * SIDE


def _y(share: float) -> float:
    return MARGIN + (1 - share) * SIDE


def _wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `count` (Wilson 1927)."""
    z = 1.96
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    size = 1 + z * z / count
    return max(0.0, (middle - spread) / size), min(1.0, (middle + spread) / size)
