// What a flow notes for a person, and what it need not ask because it is known.
import { choice, faqOf, flag, fold, labelled, line, small } from "./flowfields.js";
import { element, say, words } from "./link.js";

const hint = (/** @type {string} */ text) => element("p", { className: "hint", textContent: text });

/**
 * A row of fields with a button that takes it away.
 * @param {() => void} drop
 * @param {...HTMLElement} parts
 */
function row(drop, ...parts) {
  return element("div", { className: "fact" }, ...parts, small("✕", drop, words.drop));
}

/**
 * A choice that adds something as soon as something is chosen.
 * @param {string} text
 * @param {Edit.Option[]} options
 * @param {(value: string) => void} add
 */
function adding(text, options, add) {
  const input = element("select", { ariaLabel: text }, element("option", { value: "", textContent: text }), ...options.map(([value, said]) => element("option", { value, textContent: said })));
  input.onchange = () => { if (input.value) add(input.value); };
  return input;
}

/**
 * What a step writes into the card of the person who takes over.
 * @param {Edit.Step} step
 * @param {Edit.Tools} tools
 */
export function noted(step, { touched, redraw }) {
  const rows = Object.keys(step.card).map((key) => row(
    () => { delete step.card[key]; redraw(); },
    labelled(words.fields[key] ?? key, line(step.card, key, touched)),
  ));
  const free = Object.entries(words.fields).filter(([key]) => key !== "tried" && !(key in step.card));
  const tried = line(step, "tried", touched, { maxLength: 40, placeholder: words.triedFor });
  // What was tried has a result at each button.
  tried.addEventListener("change", () => {
    if (!step.tried.trim()) for (const button of step.buttons) button.result = "";
    redraw();
  });
  return fold(step, words.cardHead, hint(words.cardHint), ...rows,
    ...(free.length ? [adding(words.cardMore, free, (key) => { step.card[key] = "{value}"; redraw(); })] : []),
    labelled(words.tried, tried));
}

/**
 * What may be known: facts that customers tell anywhere, and the answers of other steps.
 * @param {Edit.Flow} flow
 * @param {Edit.Step} step
 * @param {Edit.Known} known
 * @returns {Edit.Option[]}
 */
function slots(flow, step, known) {
  /** @type {Edit.Option[]} */
  const facts = known.facts.map((slot) => [slot, words.fields[slot] ?? slot]);
  /** @type {Edit.Option[]} */
  const steps = flow.steps.flatMap((one, at) => one === step || known.facts.includes(one.collect) ? [] : [[one.collect, say("toStep", { n: at + 1, text: one.utter.slice(0, 16) })]]);
  return [...facts, ...steps];
}

/**
 * When a step is not asked: what is known, what was asked for, and notices.
 * @param {Edit.Flow} flow
 * @param {Edit.Step} step
 * @param {Edit.Known} known
 * @param {Edit.Tools} tools
 */
export function needless(flow, step, known, { touched, redraw }) {
  const options = slots(flow, step, known);
  const sets = step.known_by.map((names, at) => element("div", { className: "known" },
    ...names.map((_, place) => row(
      () => { names.splice(place, 1); if (!names.length) step.known_by.splice(at, 1); redraw(); },
      labelled(place ? words.knownToo : at ? words.knownOr : words.knownIf, choice(names, place, options, touched)),
    )),
    adding(words.knownMore, options.filter(([slot]) => !names.includes(slot)), (slot) => { names.push(slot); redraw(); })));
  const told = step.told_by.map((_, place) => row(
    () => { step.told_by.splice(place, 1); redraw(); },
    labelled(words.toldBy, faqOf(step.told_by, place, known, touched)),
  ));
  const notices = flag(step, "notices", words.notices, () => {
    // Without a notice the customer hears that there is none.
    if (step.notices) flow.responses.no_notice ??= words.noNotice;
    else if (!flow.steps.some((one) => one.notices)) delete flow.responses.no_notice;
    redraw();
  });
  return fold(step, words.needless, hint(words.knownHint), ...sets,
    adding(words.knownNew, options, (slot) => { step.known_by.push([slot]); redraw(); }),
    ...told, small(words.toldMore, () => { step.told_by.push(""); redraw(); }), notices);
}

/**
 * FAQs that say the answer of a step already.
 * @param {Edit.Flow} flow
 * @param {Edit.Known} known
 * @param {Edit.Tools} tools
 */
export function causes(flow, known, { touched, redraw }) {
  const rows = flow.causes.map((cause, at) => {
    const step = flow.steps.find((one) => one.collect === cause.step);
    /** @type {Edit.Option[]} */
    const steps = flow.steps.map((one, number) => [one.collect, say("toStep", { n: number + 1, text: one.utter.slice(0, 16) })]);
    const asked = choice(cause, "step", steps, touched);
    asked.addEventListener("change", () => { cause.value = flow.steps.find((one) => one.collect === cause.step)?.buttons.find((one) => one.value)?.value ?? ""; redraw(); });
    /** @type {Edit.Option[]} */
    const answers = (step?.buttons ?? []).filter((one) => one.value && one.value !== "skip").map((one) => [one.value, one.title]);
    return row(
      () => { flow.causes.splice(at, 1); redraw(); },
      labelled(words.causeFaq, faqOf(cause, "faq", known, touched)),
      labelled(words.causeStep, asked),
      labelled(words.causeValue, choice(cause, "value", answers, touched)),
      labelled(words.causeNext, choice(cause, "next", [["", words.causeOn], ...steps], touched)),
    );
  });
  return element("div", { className: "wide" }, fold(flow, words.causes, hint(words.causesHint), ...rows,
    small(words.causeMore, () => {
      const step = flow.steps.find((one) => one.buttons.some((button) => button.value)) ?? flow.steps[0];
      flow.causes.push({ faq: "", step: step.collect, value: step.buttons.find((one) => one.value)?.value ?? "", next: "" });
      redraw();
    })));
}
