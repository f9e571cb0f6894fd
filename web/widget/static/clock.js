// Day and time marks between messages, in the reader's own time zone.

import { fill, words } from "./words.js";

const GAP = 5 * 60_000; // ms of silence after which the time is shown again

/** Return the time of day as 14:05. @param {Date} at */
export function timeOf(at) {
  /** @param {number} n */
  const pad = (n) => String(n).padStart(2, "0");
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** Return the name of a day, seen from now. @param {Date} at @param {Date} now */
export function dayOf(at, now) {
  /** @param {Date} date */
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const days = Math.round((midnight(now).getTime() - midnight(at).getTime()) / 86_400_000);
  if (days === 0) return words.time.today;
  if (days === 1) return words.time.yesterday;
  if (days === -1) return words.time.tomorrow;
  const values = { year: at.getFullYear(), month: at.getMonth() + 1, day: at.getDate() };
  const form = at.getFullYear() === now.getFullYear() ? words.time.day : words.time.year;
  return `${fill(form, values)} ${words.time.weekdays[at.getDay()]}`;
}

/** Return the mark to stand before a message, or null where it follows closely. @param {Date | null} previous @param {Date} at @param {Date} now */
export function markBetween(previous, at, now) {
  if (previous && dayOf(previous, now) === dayOf(at, now) && at.getTime() - previous.getTime() < GAP) return null;
  const sameDay = previous && dayOf(previous, now) === dayOf(at, now);
  const today = dayOf(at, now) === words.time.today;
  return sameDay || today ? timeOf(at) : `${dayOf(at, now)} ${timeOf(at)}`;
}

/** Return a moment near now as 今天 14:05. @param {Date} at @param {Date} now */
export function whenOf(at, now) {
  return `${dayOf(at, now)} ${timeOf(at)}`;
}
