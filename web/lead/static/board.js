// Keeps the board live: asks for its parts every few seconds and puts in those that have changed.

const PERIOD = 3_000; // ms between looks while somebody looks at the page
const ASIDE = 15_000; // ms while nobody does: the title still tells
const TIMEOUT = 10_000; // ms

const floor = /** @type {HTMLElement} */ (document.getElementById("floor"));
const line = /** @type {HTMLElement} */ (document.getElementById("line"));
const title = document.title;
let timer = 0;

/**
 * Put in the parts that have changed; the others keep focus, selection and scrolling.
 * @param {string} html
 */
export function take(html, root = floor) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-part]"))) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!next) continue;
    if (part.className !== next.className) part.className = next.className;
    if (part.innerHTML === next.innerHTML) continue;
    const active = document.activeElement;
    const held = active && part.contains(active) && active.getAttribute("href");
    part.innerHTML = next.innerHTML;
    if (!held) continue;
    const again = /** @type {HTMLElement | null} */ (part.querySelector(`[href="${CSS.escape(held)}"]`));
    again?.focus({ preventScroll: true });
  }
  const count = fresh.querySelectorAll(".alarm").length;
  document.title = count ? `(${count}) ${title}` : title;
}

/** @param {string | undefined} text */
function say(text = "") {
  if (line.textContent !== text) line.textContent = text;
}

async function look() {
  clearTimeout(timer);
  try {
    const response = await fetch(floor.dataset.now ?? "", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
    if (response.status === 401 || response.status === 403) return say(floor.dataset.out);
    if (!response.ok) throw new Error(String(response.status));
    take(await response.text());
    say("");
  } catch {
    say(floor.dataset.lost);
  }
  timer = setTimeout(look, document.hidden ? ASIDE : PERIOD);
}

document.addEventListener("visibilitychange", () => !document.hidden && look());
addEventListener("online", look);
take(floor.innerHTML);
timer = setTimeout(look, PERIOD);
