// Hide secrets in a text: passwords, codes, card numbers, CVV and ID numbers. The same rules as in
// web/desk/masking.py; tests/masking_cases.json holds both to one table. No lookbehind in here:
// Safari before 16.4 refuses it, and the chat with it.

const BLANK = "\ufffc"; // stands for what is hidden already; no rule matches it
const NOT_A_CODE = new Set(["amount", "order_number", "time"]);
const NUMERALS = new Map(
  ["零〇", "一壹幺", "二贰貳两", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"].flatMap(
    (row, n) => [...row].map((char) => [char, String(n)]),
  ),
);
const SPOKEN = `[${[...NUMERALS.keys()].join("")}]`;
// Three or more in a row are digits spelled out; one or two (一直, 两次) are words.
const SPOKEN_RUN = new RegExp(`${SPOKEN}(?:[ \\t-]?${SPOKEN}){2,}(?![0-9])`, "g");
const BETWEEN = "[\\s\\-–—_.·/*\\u200b-\\u200d\\u2060\\ufeff]";
const JOINED = new RegExp(`^${BETWEEN}{1,3}$`);
const DATE = "(19|20)\\d\\d[\\s\\-–—_./](0?[1-9]|1[0-2])[\\s\\-–—_./](0?[1-9]|[12]\\d|3[01])";
const DATE_START = new RegExp(`^${DATE}`);
const DATE_WHOLE = new RegExp(`^${DATE}$`);
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const REGIONS = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;
const SPELLED = "(?:[a-z0-9][ \\t]){2,31}[a-z0-9](?![a-z0-9])";
const VALUES = {
  password: `(?![:=,.;?!()<>\\[\\]'"\\-])(?:${SPELLED}|[!-~]{3,64})`,
  code:
    `(?:[0-9](?:${BETWEEN}{0,3}[0-9]){3,7}(?![0-9])` +
    "|(?=[a-z]*[0-9])[a-z0-9]{4,8}(?![a-z0-9]))",
  cvv: "[0-9](?:[ \\t]?[0-9]){2,3}(?![0-9])",
};
// Passwords are looked for twice: first what holds a digit, however many words come before it.
const CONDITIONS = { password: [`(?=[!-~]*[0-9]|${SPELLED})`, ""] };

/** Return mask(text, expects) → {text, kinds} for the word lists of web/desk/masking.json. */
export function maskWith(raw) {
  const words = compile(raw);
  return (text, expects = null) => {
    const chars = Array.from(text);
    const twin = plain(chars);
    for (const hidden of text.matchAll(words.hidden)) {
      const start = Array.from(text.slice(0, hidden.index)).length;
      twin.fill(BLANK, start, start + Array.from(hidden[0]).length);
    }
    const spans = [];
    const hide = (found) => {
      for (const span of found) {
        spans.push(span);
        twin.fill(BLANK, span.start, span.end);
      }
    };
    hide(ids(twin.join("")));
    hide(cards(twin.join("")));
    for (const kind of ["cvv", "code", "password"]) hide(named(twin.join(""), kind, words));
    if (!NOT_A_CODE.has(expects)) hide(bare(twin.join("")));
    spans.sort((a, b) => a.start - b.start);
    let out = "";
    let at = 0;
    for (const { start, end, keep = 0 } of spans) {
      out += chars.slice(at, start).join("") + words.mark;
      at = end - keep;
    }
    out += chars.slice(at).join("");
    return { text: out, kinds: [...new Set(spans.map((span) => span.kind))] };
  };
}

// Width, case and numerals folded; one UTF-16 unit a character, so that positions stay.
function plain(chars) {
  const twin = chars.map((char) => {
    let narrow = char.normalize("NFKC").toLowerCase();
    if (/^\P{ASCII}$/u.test(narrow) && /^\p{Nd}$/u.test(narrow)) narrow = decimal(narrow);
    if (narrow.length === 1) return narrow;
    if (char.length === 1) return char;
    return /[\p{L}\p{N}]/u.test(char) ? "〆" : "□";
  });
  const text = twin.join("");
  for (const run of each(SPOKEN_RUN, text, (at) => !/[0-9]/.test(text[at - 1] ?? ""))) {
    for (let at = run.index; at < run.index + run[0].length; at += 1) {
      twin[at] = NUMERALS.get(twin[at]) ?? twin[at];
    }
  }
  return twin;
}

function decimal(char) {
  const point = char.codePointAt(0);
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(point - value - 1))) value += 1;
  return String(value);
}

// Runs of digits that only separators part, as lists of [start, end].
function runs(twin) {
  const found = [];
  for (const group of twin.matchAll(/[0-9]+/g)) {
    const span = [group.index, group.index + group[0].length];
    const last = found.at(-1)?.at(-1);
    if (last && JOINED.test(twin.slice(last[1], span[0]))) found.at(-1).push(span);
    else found.push([span]);
  }
  return found;
}

// Neighbouring groups with 13 to 19 digits together, longest first.
function windows(twin, run) {
  const all = [];
  run.forEach(([begin], first) => {
    let digits = "";
    const here = [];
    for (const [start, end] of run.slice(first)) {
      digits += twin.slice(start, end);
      if (digits.length > 19) break;
      if (digits.length >= 13) here.push([begin, end, digits]);
    }
    all.push(...here.reverse());
  });
  return all;
}

function ids(twin) {
  const found = [];
  for (const run of runs(twin)) {
    for (let [start, end, digits] of windows(twin, run)) {
      if (digits.length === 17 && twin[end] === "x" && !/[\p{L}\p{N}]/u.test(twin[end + 1] ?? "")) {
        digits += "x";
        end += 1;
      }
      const clash = found.length && found.at(-1).end > start;
      if (!clash && (isId(digits) || isOldId(digits))) found.push({ start, end, kind: "id" });
    }
  }
  return found;
}

function cards(twin) {
  const found = [];
  for (const run of runs(twin)) {
    for (const [start, end, digits] of windows(twin, run)) {
      const clash = found.length && found.at(-1).end > start;
      if (!clash && isCard(digits)) found.push({ start, end, kind: "card", keep: tail(twin, end, 4) });
    }
  }
  return found;
}

// The number of characters that hold the last digits before end.
function tail(twin, end, digits) {
  let at = end;
  for (let left = digits; left > 0; ) {
    at -= 1;
    if (/[0-9]/.test(twin[at])) left -= 1;
  }
  return end - at;
}

function isCard(digits) {
  const prefix = Number(digits.slice(0, 4));
  if (!"3456".includes(digits[0]) && !(prefix >= 2221 && prefix <= 2720)) return false;
  const worth = (char, place) => Number(char) * (1 + (place % 2));
  const values = [...digits].reverse().map(worth);
  return values.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0;
}

function isId(digits) {
  if (digits.length !== 18) return false;
  if (!isDay(digits.slice(6, 10), digits.slice(10, 12), digits.slice(12, 14))) return false;
  const total = ID_WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
  return "10x98765432"[total % 11] === digits[17];
}

function isOldId(digits) {
  const [, year, month, day] = /^.{6}(..)(..)(..)...$/.exec(digits) ?? [];
  return digits.length === 15 && REGIONS.test(digits) && isDay(`19${year}`, month, day);
}

function isDay(year, month, day) {
  if (year < 1900 || year > 2099) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day);
}

// Values of one kind that a keyword names, before or after them.
function named(twin, kind, words) {
  const found = [];
  const taken = (start, end) => found.some((span) => span.start < end && start < span.end);
  const allowed = (at) => startsKeyword(twin, at);
  for (const match of words.before[kind].flatMap((pattern) => [...each(pattern, twin, allowed)])) {
    let end = match.index + match[0].length;
    let start = end - match.groups.value.length;
    if (kind === "password") end = trim(twin, start, end);
    if (taken(start, end) || !isValue(twin, kind, match.groups.gap, start, end, words)) continue;
    found.push({ start, end, kind });
    for (;;) {
      const more = stick(words.more[kind], twin, end);
      if (!more || !/[0-9]/.test(more.groups.value)) break;
      end += more[0].length;
      start = end - more.groups.value.length;
      found.push({ start, end, kind });
    }
  }
  for (const match of each(words.after[kind], twin, (at) => !/[a-z0-9]/.test(twin[at - 1] ?? ""))) {
    const start = match.index;
    const end = start + match.groups.value.length;
    if (!taken(start, end) && /[0-9]/.test(match.groups.value)) found.push({ start, end, kind });
  }
  return found;
}

// The matches whose start is allowed; a refused one is looked for again one character on.
function* each(pattern, twin, allowed) {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(twin); match; match = pattern.exec(twin)) {
    if (allowed(match.index)) yield match;
    else pattern.lastIndex = match.index + 1;
  }
}

// A latin keyword is a word of its own, and never "error code".
function startsKeyword(twin, at) {
  if (!/[a-z]/.test(twin[at])) return true;
  const before = twin.slice(0, at);
  return !/[a-z]$/.test(before) && !before.endsWith("error ") && !before.endsWith("qr ");
}

function trim(twin, start, end) {
  let last = end;
  while (last > start + 1 && ",.;:!?)]}\"'".includes(twin[last - 1])) last -= 1;
  return last;
}

function isValue(twin, kind, gap, start, end, words) {
  const value = twin.slice(start, end);
  const linked = words.link.test(gap);
  if (words.unlike.test(gap) || words.money.some((word) => gap.trimEnd().endsWith(word))) return false;
  if (stick(words.unit, twin, end) && (value.length < 6 || kind !== "code")) return false;
  if (words.plain.has(value) || words.device.some((word) => value.startsWith(word))) return false;
  if (kind !== "password") return true;
  if (value.includes("://") || DATE_START.test(value)) return false;
  return linked ? value.length >= 3 : value.length >= 4 && /[0-9]/.test(value);
}

// A message that is nothing but 4 to 8 digits.
function bare(twin) {
  const other = "[^\\p{L}\\p{N}_\\ufffc]*";
  const pattern = new RegExp(`^(${other})([0-9](?:[\\s\\-]{0,2}[0-9]){3,7})${other}$`, "u");
  const match = pattern.exec(twin);
  if (!match || DATE_WHOLE.test(match[2]) || /[¥$]/.test(match[1])) return [];
  return [{ start: match[1].length, end: match[1].length + match[2].length, kind: "code" }];
}

function stick(pattern, twin, at) {
  pattern.lastIndex = at;
  return pattern.exec(twin);
}

function compile(raw) {
  const kinds = (make) => Object.fromEntries(Object.keys(VALUES).map((kind) => [kind, make(kind)]));
  const build = (make, flags) => kinds((kind) => new RegExp(make(kind), flags));
  return {
    mark: raw.mark,
    hidden: new RegExp(`${escape(raw.mark)}(?:\\d{4}(?!\\d))?`, "g"),
    before: kinds((kind) => {
      const { rest, latin } = split(raw[kind]);
      const start = `(?:${rest}|${latin}(?![a-z]))(?<gap>[^0-9。!?;\\n\\ufffc]{0,12}?)`;
      return (CONDITIONS[kind] ?? [""]).map(
        (condition) => new RegExp(`${start}(?<value>${condition}${VALUES[kind]})`, "g"),
      );
    }),
    after: build((kind) => {
      const { rest, latin } = split(raw[kind]);
      return (
        `(?<value>${VALUES[kind]})\\s*(?:就|才)?是` +
        `(?:[^0-9\\s]{0,4}?${rest}|(?:[^0-9\\s]{0,3}[^0-9\\sa-z])?${latin}(?![a-z]))`
      );
    }, "g"),
    more: build((kind) => `\\s*${any(raw.and)}\\s*(?<value>${VALUES[kind]})`, "y"),
    link: new RegExp(any(raw.link)),
    unlike: new RegExp(any(raw.unlike)),
    unit: new RegExp(`\\s*${any(raw.unit)}(?![a-z])`, "y"),
    money: raw.money,
    plain: new Set(raw.plain),
    device: raw.device,
  };
}

function split(options) {
  const latin = options.filter((option) => /^\p{ASCII}*$/u.test(option));
  return { latin: any(latin), rest: any(options.filter((option) => !latin.includes(option))) };
}

function any(options) {
  const folded = [...new Set(options.map((option) => plain(Array.from(option)).join("")))];
  folded.sort((a, b) => b.length - a.length);
  return `(?:${folded.map(escape).join("|")})`;
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
