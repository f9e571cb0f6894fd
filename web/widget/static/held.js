// Which conversations a page of ours may show besides the chat: those of whoever sits in this tab.

import { Drawer, saltOf } from "./drawer.js";
import { NOBODY, prefixOf } from "./identity.js";
import { newId } from "./ids.js";
import { openBus } from "./ports.js";
import { Seat, arrivalOf } from "./seat.js";
import { areaOf } from "./storage.js";

const CHANNELS = ["help", "app", "widget"];

/** Return [{channel, at: {id, token, who}}] of this page's person; channel null: theirs everywhere. */
export function heldHere() {
  const { area, seat } = here();
  /** @param {Drawer} drawer @param {string} who @param {string | null} channel */
  const of = (drawer, who, channel) => {
    const at = drawer.get("conversation");
    return at?.token && !(at.subject && who === NOBODY) ? [{ channel, at: { id: at.id, token: at.token, who } }] : [];
  };
  if (seat) return of(new Drawer(seat.prefix, area), seat.who, null);
  return CHANNELS.flatMap((channel) => of(new Drawer(prefixOf(NOBODY, channel, ""), area), NOBODY, channel));
}

/** Forget on this device all that those conversations left: they were erased. */
export function emptyHere() {
  const { area, seat } = here();
  const names = seat ? [seat.prefix] : CHANNELS.map((channel) => prefixOf(NOBODY, channel, ""));
  for (const name of names) new Drawer(name, area).empty();
}

/** Return the Drawer of this page's person on the help center's pages. */
export function drawerHere() {
  const { area, seat } = here();
  return new Drawer(seat ? seat.prefix : prefixOf(NOBODY, "help", ""), area);
}

/** Call when a conversation that the page began with is gone: somebody has signed out, in any tab. @param {() => unknown} act */
export function onSignedOut(act) {
  const area = areaOf("localStorage");
  const ids = () => heldHere().map(({ at }) => at.id);
  let before = ids();
  const look = () => {
    const now = ids();
    const lost = before.some((id) => !now.includes(id));
    before = now;
    if (lost) act();
  };
  openBus(area).listen(({ kind }) => kind === "gone" && setTimeout(look));
  addEventListener("pageshow", look);
  addEventListener("storage", look);
}

function here() {
  const area = areaOf("localStorage");
  const { taken } = new Seat({ area: areaOf("sessionStorage"), arrival: arrivalOf() });
  const name = taken && prefixOf(taken.who, "help", saltOf(area, newId));
  const kept = name === taken?.prefix && taken ? new Drawer(name, area) : null;
  return { area, seat: kept?.life === taken?.life ? taken : null };
}
