// Times of appointments, in the reader's own time zone.

import { dayOf, timeOf } from "./clock.js";
import { words } from "./contact-words.js";

const HOME = "Asia/Shanghai"; // where the agents are

/** Return the day of an appointment, seen from now. @param {Date} at */
export function dayName(at, now = new Date()) {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return at.toDateString() === tomorrow.toDateString() ? words.tomorrow : dayOf(at, now);
}

// Who is abroad reads 明天 10:00 of their own day; whose time it is has to be said.
/** @param {Date} at */
function zoneOf(at) {
  const home = new Date(at.toLocaleString("en-US", { timeZone: HOME }));
  const here = new Date(at.toLocaleString("en-US"));
  return home.getTime() === here.getTime() ? "" : words.localTime;
}

/** Return an appointment's span: 明天 10:00–10:30. @param {string} start @param {string} until */
export function spanOf(start, until, now = new Date()) {
  const [from, to] = [new Date(start), new Date(until)];
  return `${dayName(from, now)} ${timeOf(from)}–${timeOf(to)}${zoneOf(from)}`;
}

/** Return a moment: 明天 10:00. @param {string} at */
export function momentOf(at, now = new Date()) {
  const when = new Date(at);
  return `${dayName(when, now)} ${timeOf(when)}${zoneOf(when)}`;
}
