// Fields of a flow's form; what is typed goes straight into the flow.
import { element } from "./link.js";

let numbers = 0;

/**
 * @param {string} text
 * @param {HTMLElement} input
 */
export function labelled(text, input) {
  input.id ||= `w${++numbers}`;
  return element("div", { className: "field" }, element("label", { htmlFor: input.id, textContent: text }), input);
}

/**
 * @param {Record<string, any>} owner
 * @param {string | number} key
 * @param {() => void} touched
 */
export function line(owner, key, touched, properties = {}) {
  const input = element("input", { value: owner[key], autocomplete: "off", ...properties });
  input.oninput = () => { owner[key] = input.value; touched(); };
  return input;
}

/**
 * @param {Record<string, any>} owner
 * @param {string | number} key
 * @param {() => void} touched
 */
export function area(owner, key, touched, rows = 2) {
  const input = element("textarea", { value: owner[key], rows });
  input.oninput = () => { owner[key] = input.value; touched(); };
  return input;
}

/**
 * @param {Record<string, any>} owner
 * @param {string | number} key
 * @param {() => void} touched
 */
export function list(owner, key, touched) {
  const input = element("textarea", { value: owner[key].join("、"), rows: 2 });
  input.oninput = () => { owner[key] = input.value ? [input.value] : []; touched(); };
  return input;
}

/**
 * @param {Record<string, any>} owner
 * @param {string | number} key
 * @param {Edit.Option[]} options
 * @param {() => void} touched
 */
export function choice(owner, key, options, touched) {
  const input = element("select", {}, ...options.map(([value, text]) => element("option", { value, textContent: text })));
  if (!options.some(([value]) => value === owner[key])) input.append(element("option", { value: owner[key], textContent: owner[key] }));
  input.value = owner[key];
  input.onchange = () => { owner[key] = input.value; touched(); };
  return input;
}

/**
 * @param {Record<string, any>} owner
 * @param {string | number} key
 * @param {string} text
 * @param {() => void} touched
 */
export function flag(owner, key, text, touched) {
  const input = element("input", { type: "checkbox", checked: owner[key] });
  input.onchange = () => { owner[key] = input.checked; touched(); };
  return element("label", { className: "flag" }, input, ` ${text}`);
}

/**
 * An FAQ is chosen by its question; what is none of them stays as it was typed, and is told.
 * @param {Record<string, any>} owner
 * @param {string | number} key
 * @param {Edit.Known} known
 * @param {() => void} touched
 */
export function faqOf(owner, key, known, touched) {
  const question = known.faqs.find(([id]) => id === owner[key])?.[1] ?? owner[key];
  const input = element("input", { value: question, autocomplete: "off" });
  input.setAttribute("list", "faqs");
  input.oninput = () => {
    const typed = input.value.trim();
    owner[key] = known.faqs.find(([, said]) => said === typed)?.[0] ?? typed;
    touched();
  };
  return input;
}

/**
 * @param {string} text
 * @param {() => void} work
 */
export function small(text, work, label = text) {
  return element("button", { type: "button", className: "quiet small", textContent: text, ariaLabel: label, onclick: work });
}

const open = new WeakMap();
/**
 * What is opened at a step stays open when the steps are drawn anew.
 * @param {object} owner
 * @param {string} summary
 * @param {...HTMLElement} parts
 */
export function fold(owner, summary, ...parts) {
  const seen = open.get(owner) ?? new Set();
  open.set(owner, seen);
  const made = element("details", { open: seen.has(summary) }, element("summary", { textContent: summary }), ...parts);
  made.addEventListener("toggle", () => { if (made.open) seen.add(summary); else seen.delete(summary); });
  return made;
}
