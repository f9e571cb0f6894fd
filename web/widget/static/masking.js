// Hide secrets in a text, by the table that the server compiles (web/desk/masking/rules.yml) and
// step by step as web/desk/masking/engine.py does. Patterns hold no lookbehind: Safari before 16.4
// refuses it, and the chat with it.

const BLANK = "\ufffc"; // stands for what was hidden already; no rule's value matches it
const FIRST_BLANK = 0xe000; // stands for a secret of the first kind; the others follow
const OTHER = "□"; // what patterns need not tell apart
const SAID = "囗"; // stands for words beside which a number is harmless
const SPACE = /^[\t\v\f\x1c-\x1f\x85\u1680\u2028\u2029]$/;
const UNSEEN = /^[\u{10000}-\u{10ffff}\ud800-\uf8ff\ufffc]$/u;
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SEEN = 8; // so many messages back
const ASKED = 3; // so many of them by the other side

/**
 * @typedef {NonNullable<Api.NewMessage["masked"]>[number]} Kind
 * @typedef {{who: string, text: string, expects?: string | null}} Said
 * @typedef {{kind: string, find: string, shape?: string, needs?: string, unless?: string, when: string[], whole: boolean,
 *   keep: number, sum: string}} Rule
 * @typedef {{mark: string, kinds: string[], drop: string, same: Record<string, string>, numerals: Record<string, string>,
 *   names: Record<string, string>, neutral: string, rules: Rule[], numbers: string[], asked: Record<string, string>,
 *   spoken: string, broken: string}} Table
 * @typedef {{start: number, end: number, kind: string}} Span
 * @typedef {ReturnType<typeof engineOf>} Engine
 */

/**
 * Return mask(text, expects, talk) → {text, kinds} for a compiled table. talk: what listen() told of
 * the messages before, null where nothing is known of them.
 * @param {Table} table
 */
export function maskWith(table) {
  const engine = engineOf(table);
  /**
   * @param {string} text
   * @param {string | null} [expects]
   * @param {{spoken: boolean, broken: string} | null} [talk]
   */
  return (text, expects = null, talk = null) => {
    const flags = new Set(table.numbers.includes(expects ?? "") ? [] : ["unasked"]);
    if (!talk) flags.add("unknown");
    if (talk?.spoken) flags.add("spoken");
    const chars = Array.from(text);
    const spans = engine.find(chars, flags);
    if (talk?.broken) {
      spans.unshift(...goingOn(engine, Array.from(`${talk.broken} `), chars, flags));
      spans.sort((a, b) => a.start - b.start);
    }
    let [out, at] = ["", 0];
    const kinds = /** @type {Kind[]} */ ([]);
    for (const { start, end, kind } of /** @type {(Span & {kind: Kind})[]} */ (spans)) {
      if (end <= Math.max(at, start)) continue;
      if (start >= at) out += chars.slice(at, start).join("") + table.mark;
      if (!kinds.includes(kind)) kinds.push(kind);
      at = end;
    }
    return { text: out + chars.slice(at).join(""), kinds };
  };
}

// What is secret in a text because of what the message before broke off with.
/** @param {Engine} engine @param {string[]} before @param {string[]} chars @param {Set<string>} flags */
function goingOn(engine, before, chars, flags) {
  /** @type {Span[]} */
  const found = [];
  for (const span of engine.find([...before, ...chars], new Set([...flags, "later"]))) {
    const start = Math.max(span.start - before.length, 0);
    let end = span.end - before.length;
    if (span.start < before.length && end > 0) end = Math.max(end, digitsEnd(chars, end));
    if (end > start) found.push({ start, end, kind: span.kind });
  }
  return found;
}

/**
 * Return listen(messages) → {expects, talk} for a compiled table: what was asked last, and what of
 * the talk bears on the next message. messages: {who, text, expects}, the newest last.
 * @param {Table} table
 */
export function listenWith(table) {
  const engine = engineOf(table);
  const expected = (/** @type {Said[]} */ messages) => {
    const asking = messages.filter(({ who }) => who === "bot" || who === "agent").slice(-ASKED);
    for (const said of asking.reverse()) {
      if (said.who === "bot") return said.expects ?? null;
      const wanted = engine.asked(said.text);
      if (wanted) return wanted;
      if (engine.spoken(said.text)) return null;
    }
    return null;
  };
  return (/** @type {Said[]} */ messages) => {
    const last = messages.slice(-SEEN);
    const mine = last.filter(({ who }) => who === "customer").at(-1);
    const spoken = last.some(({ who, text }) => who !== "bot" && engine.spoken(text));
    return { expects: expected(last), talk: { spoken, broken: mine ? engine.broken(mine.text) : "" } };
  };
}

/** @param {Table} table */
function engineOf(table) {
  /** @param {string} source @returns {string} */
  const spell = (source) => source.replace(/<([a-z_]+)>/g, (_, name) => spell(table.names[name]));
  const needed = (/** @type {string} */ source, flags = "") => new RegExp(spell(source), flags);
  const pattern = (/** @type {string | undefined} */ source, flags = "") => (source ? needed(source, flags) : null);
  const rules = table.rules.map((rule) => ({
    ...rule,
    find: needed(rule.find, "g"),
    shape: pattern(rule.shape),
    needs: pattern(rule.needs),
    unless: pattern(rule.unless),
  }));
  const drop = new RegExp(`^${table.drop}$`);
  const numeral = `[${Object.keys(table.numerals).join("")}]`;
  const run = new RegExp(`${numeral}(?:[ \\t-]?${numeral}){2,}(?![0-9])`, "g");
  const mark = Array.from(table.mark, (char) => plain(char, table.same)).join("");
  const escaped = mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const hidden = new RegExp(`${escaped}(?:[0-9](?:[ -]?[0-9]){3}(?![0-9]))?`, "g");
  const neutral = needed(table.neutral, "g");
  const broken = needed(table.broken, "g");
  const spoken = needed(table.spoken);
  /** @type {[string, RegExp][]} */
  const asked = Object.entries(table.asked).map(([name, source]) => [name, needed(source)]);

  // The text as the patterns see it, and where each of its characters stood in the text.
  /** @param {string[]} chars */
  function fold(chars) {
    /** @type {string[]} */
    const out = [];
    /** @type {number[]} */
    const places = [];
    chars.forEach((char, place) => {
      if (drop.test(char)) return;
      for (const part of plain(char, table.same)) {
        out.push(part);
        places.push(place);
      }
    });
    let twin = out.join("").replace(hidden, (all) => BLANK.repeat(all.length));
    twin = twin.replace(run, (all, at, whole) => {
      if (/[0-9]/.test(whole[at - 1] ?? "")) return all;
      return all.replace(/./g, (char) => table.numerals[char] ?? char);
    });
    for (const match of [...twin.matchAll(neutral)]) {
      if (inside(twin, match.index, false)) continue;
      const end = match.index + match[0].length;
      twin = twin.slice(0, match.index) + SAID.repeat(match[0].length) + twin.slice(end);
    }
    return { twin, place: (/** @type {number} */ at) => (at < places.length ? places[at] : chars.length) };
  }

  /** @param {string[]} chars @param {Set<string>} flags */
  function find(chars, flags) {
    const { twin: folded, place } = fold(chars);
    let twin = folded;
    /** @type {Span[]} */
    const spans = [];
    for (const rule of rules) {
      if (!rule.when.every((flag) => flags.has(flag))) continue;
      if (rule.needs && !rule.needs.test(twin)) continue;
      if (rule.unless?.test(twin)) continue;
      rule.find.lastIndex = 0;
      for (let match = rule.find.exec(twin); match; match = rule.find.exec(twin)) {
        const start = match.index + match[1].length;
        const end = start + match[2].length;
        const cut = inside(twin, match.index, rule.whole) || inside(twin, start, false);
        if (cut || !isTrue(rule, match[2])) {
          rule.find.lastIndex = match.index + 1;
          continue;
        }
        const kept = tail(twin, end, rule.keep);
        spans.push({ start: place(start), end: place(kept), kind: rule.kind });
        const blank = String.fromCharCode(FIRST_BLANK + table.kinds.indexOf(rule.kind));
        twin = twin.slice(0, start) + blank.repeat(end - start) + twin.slice(end);
        rule.find.lastIndex = end;
      }
    }
    return spans.sort((a, b) => a.start - b.start);
  }

  /** @param {string} text */
  function brokenOff(text) {
    const chars = Array.from(text);
    const { twin, place } = fold(chars);
    broken.lastIndex = 0;
    for (let match = broken.exec(twin); match; match = broken.exec(twin)) {
      if (match[0] && !inside(twin, match.index, false)) return chars.slice(place(match.index)).join("");
      broken.lastIndex = match.index + 1;
    }
    return "";
  }

  return {
    find,
    broken: brokenOff,
    spoken: (/** @type {string} */ text) => spoken.test(fold(Array.from(text)).twin),
    asked: (/** @type {string} */ text) => {
      const { twin } = fold(Array.from(text));
      return asked.find(([, words]) => words.test(twin))?.[0] ?? null;
    },
  };
}

// Width, case and variants made one; each part is one UTF-16 unit.
/** @param {string} char @param {Record<string, string>} same */
function plain(char, same) {
  if (SPACE.test(char)) return " ";
  return Array.from(char.normalize("NFKC").toLowerCase(), (part) => {
    if (/^\p{Nd}$/u.test(part) && !/^[0-9]$/.test(part)) return decimal(part);
    return same[part] ?? (UNSEEN.test(part) ? OTHER : part);
  }).join("");
}

/** @param {string} char */
function decimal(char) {
  const point = /** @type {number} */ (char.codePointAt(0));
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(point - value - 1))) value += 1;
  return String(value);
}

// Whether a match begins in the middle of a word or number.
/** @param {string} twin @param {number} start @param {boolean} whole */
function inside(twin, start, whole) {
  const [before, first] = [twin[start - 1] ?? "", twin[start] ?? ""];
  if (whole) return /[a-z0-9]/.test(before);
  return (/[0-9]/.test(before) && /[0-9]/.test(first)) || (/[a-z]/.test(before) && /[a-z]/.test(first));
}

/** @param {{shape: RegExp | null, sum?: string | null}} rule @param {string} value */
function isTrue(rule, value) {
  const digits = value.replace(/[^0-9x]/g, "");
  if (rule.shape && !rule.shape.test(digits)) return false;
  if (rule.sum === "luhn") {
    const worth = [...digits].reverse().map((char, place) => Number(char) * (1 + (place % 2)));
    return worth.reduce((sum, n) => sum + (n > 9 ? n - 9 : n), 0) % 10 === 0;
  }
  if (rule.sum === "id") {
    const total = ID_WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
    return "10x98765432"[total % 11] === digits[17];
  }
  return true;
}

// Where the last `keep` digits before end begin.
/** @param {string} twin @param {number} end @param {number} keep */
function tail(twin, end, keep) {
  let at = end;
  for (let left = keep; left > 0; ) {
    at -= 1;
    if (/[0-9]/.test(twin[at])) left -= 1;
  }
  return at;
}

// Of a second half no digit is kept.
/** @param {string[]} chars @param {number} from */
function digitsEnd(chars, from) {
  let at = from;
  while (at < chars.length && /^[\p{Nd} -]$/u.test(chars[at])) at += 1;
  while (at > 0 && (chars[at - 1] === " " || chars[at - 1] === "-")) at -= 1;
  return at;
}
