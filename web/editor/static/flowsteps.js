// The steps of a guided flow as forms.
import { causes, needless, noted } from "./flowfacts.js";
import { area, choice, faqOf, flag, fold, labelled, line, list, small } from "./flowfields.js";
import { element, say, words } from "./link.js";

/**
 * @param {string} value
 * @param {string} title
 * @returns {Edit.Option}
 */
const option = (value, title) => [value, title];

/**
 * @param {Edit.Flow} flow
 * @param {Edit.Known} known
 * @param {Edit.Tools} tools
 */
export function wholeOf(flow, known, tools) {
  const { touched } = tools;
  const parts = [
    labelled(words.name, line(flow, "name", touched, { maxLength: 40 })),
    labelled(words.desk, line(flow, "desk", touched, { maxLength: 40, placeholder: flow.name })),
    labelled(words.first, faqOf(flow, "faq", known, touched)),
    element("div", { className: "field" }, flag(flow, "hasty", words.hasty, touched)),
  ];
  for (const key of Object.keys(flow.responses)) parts.push(labelled(words.response, area(flow.responses, key, touched)));
  parts.push(causes(flow, known, tools));
  return parts;
}

/**
 * @param {Edit.Flow} flow
 * @param {Edit.Step} step
 * @param {Edit.Known} known
 * @returns {Edit.Option[]}
 */
function leads(flow, step, known) {
  /** @type {Edit.Option[]} */
  const steps = flow.steps.flatMap((one, at) => one === step ? [] : [[`next:${one.collect}`, say("toStep", { n: at + 1, text: one.utter.slice(0, 16) })]]);
  return [
    ["", words.onwards],
    ["solved", words.solved],
    ["skip", words.skip],
    ...steps,
    ...known.ends.filter((end) => end !== "solve").map((end) => option(`action:${end}`, words.ends[end])),
    ...known.others.map(([other, title]) => option(`link:${other}`, say("toFlow", { title }))),
  ];
}

/**
 * @param {Edit.Flow} flow
 * @param {Edit.Step} step
 * @param {Edit.Button} button
 * @param {number} at
 * @param {Edit.Known} known
 * @param {Edit.Tools} tools
 */
function buttonCard(flow, step, button, at, known, { touched, redraw }) {
  const drop = small("✕", () => { step.buttons.splice(at, 1); redraw(); }, `${words.drop} ${button.title}`);
  if (button.payload)
    return element("li", { className: "choice" }, labelled(words.title, line(button, "title", touched)), element("p", { className: "soft", textContent: button.payload }), drop);
  const then = choice(button, "then", leads(flow, step, known), touched);
  then.addEventListener("change", () => {
    // Solved and skip are values; what was one of them gets a value of its own.
    if (["solved", "skip"].includes(button.then)) button.value = button.then;
    else if (["solved", "skip", ""].includes(button.value)) button.value = free(step);
  });
  const more = fold(button, words.more,
    labelled(words.answer, faqOf(button, "answer", known, touched)),
    labelled(words.utter, line(button, "utter", touched)),
    labelled(words.examples, list(button, "examples", touched)),
    labelled(words.anywhere, list(button, "anywhere", touched)),
    ...(step.tried || button.result ? [labelled(words.result, choice(button, "result", Object.entries(words.results), touched))] : []));
  return element("li", { className: "choice" }, labelled(words.title, line(button, "title", touched, { maxLength: 40 })), labelled(words.then, then), drop, more);
}

/** @param {Edit.Step} step */
function free(step) {
  for (let number = 1; ; number += 1) if (!step.buttons.some((one) => one.value === `a${number}`)) return `a${number}`;
}

/**
 * @param {Edit.Flow} flow
 * @param {Edit.Step} step
 * @param {number} at
 * @param {Edit.Known} known
 * @param {Edit.Tools} tools
 */
export function stepCard(flow, step, at, known, { touched, redraw }) {
  const tools = { touched, redraw };
  const move = (/** @type {number} */ to) => { flow.steps.splice(at, 1); flow.steps.splice(to, 0, step); redraw(`#step-${to} textarea`); };
  const up = small("↑", () => move(at - 1), words.up);
  const down = small("↓", () => move(at + 1), words.down);
  up.disabled = at === 0;
  down.disabled = at === flow.steps.length - 1;
  const drop = small(words.drop, () => { flow.steps.splice(at, 1); redraw(); });
  drop.disabled = flow.steps.length === 1;
  const shared = !step.utter && step.at !== null;
  const asks = area(step, "utter", touched);
  /** @type {Edit.Option[]} */
  const stills = [["", words.none], ...step.buttons.filter((one) => one.value && one.value !== "skip").map((one) => option(one.value, one.title))];
  const how = fold(step, words.details,
    labelled(words.expects, choice(step, "expects", Object.entries(words.expected), touched)),
    labelled(words.still, choice(step, "still", stills, touched)),
    flag(step, "optional", words.optional, touched),
    flag(step, "closing", words.closing, touched),
    flag(step, "again", words.againFlag, touched));
  const add = element("button", {
    type: "button", className: "quiet", textContent: words.addButton,
    onclick: () => {
      step.buttons.push({ at: null, value: free(step), payload: "", then: "", title: words.newButton, answer: "", utter: "", result: "", examples: [], anywhere: [] });
      redraw(`#step-${at} .choice:last-of-type input`);
    },
  });
  const head = element("p", { className: "meta stepbar" }, element("code", { textContent: step.collect }), up, down, drop);
  /** @type {HTMLElement[]} */
  const parts = [head, labelled(words.asks, asks)];
  if (shared) parts.push(element("p", { className: "hint", textContent: words.shared }));
  parts.push(element("ul", { className: "choices" }, ...step.buttons.map((button, place) => buttonCard(flow, step, button, place, known, tools))));
  parts.push(element("p", {}, add), how, noted(step, tools), needless(flow, step, known, tools), element("ul", { className: "notes" }));
  return element("li", { id: `step-${at}` }, element("div", { className: "no", textContent: String(at + 1), ariaHidden: "true" }), element("div", { className: "what" }, ...parts));
}
