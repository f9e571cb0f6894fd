// Times of appointments, in the reader's own time zone.

import { dayOf, timeOf } from "./clock.js";
import { words } from "./contact-words.js";

/** Return the day of an appointment, seen from now. */
export function dayName(at, now = new Date()) {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return at.toDateString() === tomorrow.toDateString() ? words.tomorrow : dayOf(at, now);
}

/** Return an appointment's span: 明天 10:00–10:30. */
export function spanOf(start, until, now = new Date()) {
  const [from, to] = [new Date(start), new Date(until)];
  return `${dayName(from, now)} ${timeOf(from)}–${timeOf(to)}`;
}

/** Return a moment: 明天 10:00. */
export function momentOf(at, now = new Date()) {
  const when = new Date(at);
  return `${dayName(when, now)} ${timeOf(when)}`;
}
