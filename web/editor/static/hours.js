// The opening hours as fields: weeks of spans, days off, days worked instead, the zone. Its value is JSON.
import { element, words } from "./link.js";

const said = words.hours;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const END = "24:00"; // as the file writes the end of a day; a field of time shows it as 00:00

/** @typedef {{days: number[], spans: string[][]}} Row */
/** @typedef {{timezone: string, weeks: Record<string, Row[]>, holidays: string[][], workdays: string[][]}} Told */

/**
 * Build the form. changed(): a row came or went; what is typed tells the form around it by itself.
 * @param {HTMLElement} box
 * @param {() => void} changed
 */
export function hoursForm(box, changed) {
  /** @type {Told} */
  const told = JSON.parse(document.getElementById("hours")?.textContent ?? "{}");
  const zone = element("input", { value: told.timezone, id: "zone", autocomplete: "off" });
  zone.setAttribute("list", "zones");
  const zones = element("datalist", { id: "zones" }, ...Intl.supportedValuesOf("timeZone").map((name) => element("option", { value: name })));
  const named = Object.keys({ ...said.weeks, ...told.weeks }).filter((name) => told.weeks[name]); // in the words' order
  const weeks = Object.fromEntries(named.map((name) => [name, week(name, told.weeks[name] ?? [], changed)]));
  const holidays = list(said.holidays, said.holidaysHint, said.addHoliday, told.holidays, (pair) => holiday(pair), changed);
  const workdays = list(said.workdays, said.workdaysHint, said.addWorkday, told.workdays, (pair) => workday(pair), changed);
  box.append(
    element("div", { className: "hours-part" }, element("label", { htmlFor: "zone", textContent: said.zone }), element("p", { className: "hint", textContent: said.zoneHint }), zone, zones),
    ...Object.values(weeks).map(({ node }) => node), holidays.node, workdays.node,
  );
  return () => JSON.stringify({
    timezone: zone.value.trim(),
    weeks: Object.fromEntries(Object.entries(weeks).map(([name, { value }]) => [name, value()])),
    // A row that nothing was written into yet says nothing.
    holidays: holidays.value().filter(([first]) => first),
    workdays: workdays.value().filter(([day]) => day),
  });
}

/**
 * @param {string} name
 * @param {Row[]} rows
 * @param {() => void} changed
 */
function week(name, rows, changed) {
  const about = element("p", { className: "hint" });
  const opens = name !== "busy" && name !== "quiet"; // those say how busy it is, not when it is open
  const part = list(said.weeks[name] ?? name, "", said.addDays, rows, (row) => days(row, changed), () => (told(), changed()));
  function told() {
    const open = new Set(part.value().flatMap((row) => (row.spans.length ? row.days : [])));
    const shut = DAYS.map((_, day) => day).filter((day) => !open.has(day));
    about.textContent = shut.length === 7 ? said.never : shut.length ? `${said.shut}${shut.map((day) => said.days[day]).join("、")}` : said.open;
    about.hidden = !opens;
  }
  part.node.addEventListener("input", told);
  part.node.querySelector("legend")?.after(about);
  told();
  return part;
}

/**
 * A part with rows that come and go.
 * @template T, V
 * @param {string} title
 * @param {string} hint
 * @param {string} more  what its button says
 * @param {T[]} entries
 * @param {(entry?: T) => {node: HTMLElement, value: () => V}} make
 * @param {() => void} changed
 */
function list(title, hint, more, entries, make, changed) {
  /** @type {{node: HTMLElement, value: () => V}[]} */
  let rows = [];
  const add = element("button", { type: "button", className: "small", textContent: more, onclick: () => (put(), changed(), rows.at(-1)?.node.querySelector("input")?.focus()) });
  const node = element("fieldset", { className: "hours-part" }, element("legend", { textContent: title }), ...(hint ? [element("p", { className: "hint", textContent: hint })] : []), add);
  /** @param {T} [entry] */
  function put(entry) {
    const row = make(entry);
    row.node.append(element("button", { type: "button", className: "quiet small drop-row", textContent: words.drop, onclick: () => {
      rows = rows.filter((one) => one !== row);
      row.node.remove();
      changed();
      add.focus();
    } }));
    rows.push(row);
    add.before(row.node);
  }
  entries.forEach((entry) => put(entry));
  return { node, value: () => rows.map((row) => row.value()) };
}

/**
 * @param {Row | undefined} row
 * @param {() => void} changed
 */
function days(row = { days: [], spans: [["", ""]] }, changed) {
  const boxes = DAYS.map((_, day) => element("input", { type: "checkbox", checked: row.days.includes(day) }));
  const spans = element("span", { className: "spans" });
  /** @type {(() => string[])[]} */
  const values = [];
  /** @param {string[]} pair */
  function put([at, until]) {
    const from = element("input", { type: "time", value: at, ariaLabel: said.from });
    const to = element("input", { type: "time", value: until === END ? "00:00" : until, ariaLabel: said.until });
    const next = element("small");
    const tell = () => {
      const over = from.value && to.value && to.value <= from.value;
      next.textContent = !over ? "" : from.value === to.value ? said.whole : to.value === "00:00" ? said.midnight : said.overnight;
    };
    const value = () => [from.value, to.value];
    const drop = element("button", { type: "button", className: "quiet small", textContent: "×", ariaLabel: said.dropSpan, title: said.dropSpan, onclick: () => {
      values.splice(values.indexOf(value), 1);
      span.remove();
      changed();
    } });
    const span = element("span", { className: "span" }, from, "–", to, next, drop);
    span.addEventListener("input", tell);
    tell();
    values.push(value);
    more.before(span);
  }
  const more = element("button", { type: "button", className: "quiet small", textContent: said.addSpan, onclick: () => (put(["", ""]), changed()) });
  spans.append(more);
  row.spans.forEach(put);
  const chips = boxes.map((box, day) => element("label", { className: "chip" }, box, said.days[day]));
  return {
    node: element("div", { className: "hours-row" }, element("span", { className: "chips" }, ...chips), spans),
    value: () => ({ days: boxes.flatMap((box, day) => (box.checked ? [day] : [])), spans: values.map((one) => one()).filter((pair) => pair.some(Boolean)) }),
  };
}

/** @param {string[]} [pair] */
function holiday(pair = ["", ""]) {
  const [first, last] = pair.map((value, end) => element("input", { type: "date", value, ariaLabel: end ? said.lastDay : said.firstDay }));
  return {
    node: element("div", { className: "hours-row" }, element("span", { className: "span" }, first ?? "", "–", last ?? "")),
    value: () => [first?.value ?? "", last?.value || first?.value || ""],
  };
}

/** @param {string[]} [pair] */
function workday(pair = ["", "mon"]) {
  const day = element("input", { type: "date", value: pair[0], ariaLabel: said.day });
  const like = element("select", { ariaLabel: said.likeDay }, ...DAYS.map((name, at) => element("option", { value: name, textContent: said.days[at], selected: name === pair[1] })));
  return {
    node: element("div", { className: "hours-row" }, element("span", { className: "span" }, day, said.like, like, said.work)),
    value: () => [day.value, like.value],
  };
}
