// The steps of a guided flow as forms; what is typed goes straight into the flow.
import { element, say, words } from "./link.js";

let numbers = 0;

function labelled(text, input) {
  input.id ||= `w${++numbers}`;
  return element("div", { className: "field" }, element("label", { htmlFor: input.id, textContent: text }), input);
}

function line(owner, key, touched, properties = {}) {
  const input = element("input", { value: owner[key], autocomplete: "off", ...properties });
  input.oninput = () => { owner[key] = input.value; touched(); };
  return input;
}

function area(owner, key, touched, rows = 2) {
  const input = element("textarea", { value: owner[key], rows });
  input.oninput = () => { owner[key] = input.value; touched(); };
  return input;
}

function list(owner, key, touched) {
  const input = element("textarea", { value: owner[key].join("、"), rows: 2 });
  input.oninput = () => { owner[key] = input.value ? [input.value] : []; touched(); };
  return input;
}

function choice(owner, key, options, touched) {
  const input = element("select", {}, ...options.map(([value, text]) => element("option", { value, textContent: text })));
  if (!options.some(([value]) => value === owner[key])) input.append(element("option", { value: owner[key], textContent: owner[key] }));
  input.value = owner[key];
  input.onchange = () => { owner[key] = input.value; touched(); };
  return input;
}

function flag(owner, key, text, touched) {
  const input = element("input", { type: "checkbox", checked: owner[key] });
  input.onchange = () => { owner[key] = input.checked; touched(); };
  return element("label", { className: "flag" }, input, ` ${text}`);
}

// An FAQ is chosen by its question; what is none of them stays as it was typed, and is told.
function faqOf(owner, key, known, touched) {
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

export function wholeOf(flow, known, touched) {
  const parts = [
    labelled(words.name, line(flow, "name", touched, { maxLength: 40 })),
    labelled(words.desk, line(flow, "desk", touched, { maxLength: 40, placeholder: flow.name })),
    labelled(words.first, faqOf(flow, "faq", known, touched)),
    element("div", { className: "field" }, flag(flow, "hasty", words.hasty, touched)),
  ];
  for (const key of Object.keys(flow.responses)) parts.push(labelled(words.response, area(flow.responses, key, touched)));
  return parts;
}

function leads(flow, step, known) {
  const steps = flow.steps.flatMap((one, at) => one === step ? [] : [[`next:${one.collect}`, say("toStep", { n: at + 1, text: one.utter.slice(0, 16) })]]);
  return [
    ["", words.onwards],
    ["solved", words.solved],
    ["skip", words.skip],
    ...steps,
    ...known.ends.filter((end) => end !== "solve").map((end) => [`action:${end}`, words.ends[end]]),
    ...known.others.map(([other, title]) => [`link:${other}`, say("toFlow", { title })]),
  ];
}

function small(text, work, label = text) {
  return element("button", { type: "button", className: "quiet small", textContent: text, ariaLabel: label, onclick: work });
}

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
  const more = element("details", {}, element("summary", { textContent: words.more }),
    labelled(words.answer, faqOf(button, "answer", known, touched)),
    labelled(words.utter, line(button, "utter", touched)),
    labelled(words.examples, list(button, "examples", touched)),
    labelled(words.anywhere, list(button, "anywhere", touched)));
  return element("li", { className: "choice" }, labelled(words.title, line(button, "title", touched, { maxLength: 40 })), labelled(words.then, then), drop, more);
}

function free(step) {
  for (let number = 1; ; number += 1) if (!step.buttons.some((one) => one.value === `a${number}`)) return `a${number}`;
}

export function stepCard(flow, step, at, known, { touched, redraw }) {
  const tools = { touched, redraw };
  const move = (to) => { flow.steps.splice(at, 1); flow.steps.splice(to, 0, step); redraw(`#step-${to} textarea`); };
  const up = small("↑", () => move(at - 1), words.up);
  const down = small("↓", () => move(at + 1), words.down);
  up.disabled = at === 0;
  down.disabled = at === flow.steps.length - 1;
  const drop = small(words.drop, () => { flow.steps.splice(at, 1); redraw(); });
  drop.disabled = flow.steps.length === 1;
  const shared = !step.utter && step.at !== null;
  const asks = area(step, "utter", touched);
  const stills = [["", words.none], ...step.buttons.filter((one) => one.value && one.value !== "skip").map((one) => [one.value, one.title])];
  const how = element("details", {}, element("summary", { textContent: words.details }),
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
  parts.push(element("p", {}, add), how, element("ul", { className: "notes" }));
  return element("li", { id: `step-${at}` }, element("div", { className: "no", textContent: String(at + 1), ariaHidden: "true" }), element("div", { className: "what" }, ...parts));
}
