"""axe-core, run in the pages themselves: what keeps them from being used by everybody."""

from __future__ import annotations

import os
from functools import cache

import pytest
from playwright.sync_api import Page

from start import scripts
from start.environments import ROOT, SetupError

FILE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# width, height, colours: the smallest phone, a usual one, a laptop
VIEWS = ((320, 568, "dark"), (390, 844, "light"), (1366, 768, "light"))
# What axe finds, and what it does not look for: scrolling sideways, input that makes iOS zoom.
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const told = found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) =>
    `${id}: ${target.flat().join(" ")} ${html.slice(0, 120)}`));
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) told.push(`scrolls ${over} px sideways`);
  const all = (root) => [...root.querySelectorAll("*")]
    .flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const typed = "input:not([type=file], [type=radio], [type=checkbox]), textarea, select";
  for (const node of all(document).filter((one) => one.matches(typed))) {
    const size = parseFloat(getComputedStyle(node).fontSize);
    if (node.checkVisibility({ visibilityProperty: true }) && size < 16)
      told.push(`input of ${size} px: ${node.outerHTML.slice(0, 120)}`);
  }
  return told;
}"""


@cache
def source() -> str:
    """Return axe's text; skips the test where it cannot be had, but in CI."""
    try:
        scripts.tools()
    except SetupError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"NO AXE, so nothing was looked at: {error}")
    return FILE.read_text(encoding="utf-8")


def faults(page: Page, views: tuple[tuple[int, int, str], ...] = VIEWS) -> list[str]:
    """Look at a page as it stands at each size and in its colours; returns what is wrong."""
    before = page.viewport_size
    page.evaluate(source())
    found = []
    for width, height, scheme in views:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme} {fault}" for fault in page.evaluate(RUN)]
    if before:
        page.set_viewport_size(before)
    return found
