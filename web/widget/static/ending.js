// Signing out: everything of a person goes from this device, in every tab, and their token ends.

import { Drawer } from "./drawer.js";
import { isSigned } from "./identity.js";
/** @import { Api, Problem } from "./transport.js" */

const PAUSES = [0, 2_000, 10_000, 60_000]; // ms before each attempt to end a token at the server

/** @typedef {{api: Pick<Api, "revoke">, clock: Chat.Clock}} Ender */

/**
 * Empty drawers, with those in which their people wrote before they signed in. names · area: Storage ·
 * held: {name: {id, token}} known better than storage does · api · clock · bus · tab.
 * @param {{names: string[], area: Chat.Area, held: Record<string, Chat.Held | null>, tab: string, bus: Chat.Bus} & Ender} parts
 */
export function endDrawers({ names, area, held, api, clock, bus, tab }) {
  const all = new Set(names);
  for (const name of all) {
    const drawer = new Drawer(name, area);
    const { life } = drawer;
    const at = held[name] ?? drawer.get("conversation");
    for (const before of drawer.get("before", [])) all.add(before);
    const wipes = drawer.empty();
    if (at?.token && isSigned(name)) revoke({ at, api, clock });
    bus.post({ kind: "gone", from: tab, drawer: name, life, wipes });
  }
}

/** @param {Ender & {at: Chat.Held}} parts */
function revoke({ at, api, clock }, attempt = 0) {
  if (attempt >= PAUSES.length) return;
  const once = () =>
    api.revoke({ id: at.id, token: at.token }).catch((/** @type {Problem} */ problem) => problem.lost || revoke({ at, api, clock }, attempt + 1));
  if (PAUSES[attempt]) clock.after(PAUSES[attempt], once);
  else once();
}
