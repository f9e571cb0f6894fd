// What the log says of callbacks, calls and corrections.

import { durationOf } from "./callline.js";
import { words } from "./contact-words.js";
import { momentOf, spanOf } from "./moments.js";
import { fill } from "./words.js";

const { call_requested: REQUESTED, ...rest } = words.event;
/** @type {Record<string, string>} */
const LINES = rest;

/**
 * Return the line of an event, null where it shows nothing, undefined where it is none of these.
 * @param {Api.EventOut} event
 * @param {string} agent
 */
export function contactLine({ type, data, actor }, agent) {
  const name = actor.name || agent;
  if (type === "call_connected") return null;
  if (type === "call_requested") return REQUESTED[/** @type {Api.CallOut["media"]} */ (data.media)];
  if (type === "call_ended" && data.reason === "cancelled") return words.event.call_cancelled;
  if (type === "call_ended") return fill(words.event.call_ended, { time: durationOf(data.seconds) });
  if (!Object.hasOwn(LINES, type)) return undefined;
  const slot = data.slot ? spanOf(data.slot, data.until) : undefined;
  const due = data.due ? momentOf(data.due) : undefined;
  const values = { name, number: data.number, slot, due };
  return fill(LINES[type] ?? "", values);
}
