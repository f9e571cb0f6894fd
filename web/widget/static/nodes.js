// Building DOM nodes: elements with their attributes, and the few drawn icons.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an element; on… attributes are listeners, null and false ones are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes} attributes
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Return an element of the page by its id; which kind it is stands in the page's template.
 * @param {string} id
 * @returns {Part}
 */
export function part(id) {
  return /** @type {any} */ (document.getElementById(id));
}

/**
 * Return what has the focus in the document, or the shadow tree, in which a node stands.
 * @param {Node} node
 * @returns {HTMLElement | null}
 */
export function focusOf(node) {
  const root = /** @type {ShadowRoot} */ (node.getRootNode());
  return /** @type {HTMLElement | null} */ (root.activeElement);
}

/** @typedef {[string, Record<string, string | number>]} Shape the name of a drawn element, its attributes */

/** @satisfies {Record<string, Shape[]>} */
const SHAPES = {
  close: [["path", { d: "M6 6l12 12M18 6L6 18" }]],
  send: [["path", { d: "M12 19V5M5.5 11.5L12 5l6.5 6.5" }]],
  down: [["path", { d: "M6 9l6 6 6-6" }]],
  back: [["path", { d: "M15 5l-7 7 7 7" }]],
  more: [["circle", { cx: 5, cy: 12, r: 1 }], ["circle", { cx: 12, cy: 12, r: 1 }], ["circle", { cx: 19, cy: 12, r: 1 }]],
  chat: [["path", { d: "M12 4c5 0 9 3.200 9 7.300s-4 7.300-9 7.300c-1 0-2-.1-2.900-.4L4.5 20.5l1.200-3.800C4 15.300 3 13.400 3 11.300 3 7.200 7 4 12 4z" }]],
  phone: [["path", { d: "M6 3.5h3l1.500 4.500-2 1.500a12 12 0 006 6l1.500-2 4.500 1.500v3c0 1.200-1 2-2.200 1.900C10.800 19.300 4.700 13.200 4.100 5.700 4 4.500 4.800 3.500 6 3.500z" }]],
  human: [
    ["circle", { cx: 12, cy: 8, r: 3.6 }],
    ["path", { d: "M5 20c.6-4 3.4-6 7-6s6.400 2 7 6" }],
  ],
  plus: [["path", { d: "M12 5v14M5 12h14" }]],
  picture: [
    ["rect", { x: 3.5, y: 4.5, width: 17, height: 15, rx: 2.5 }],
    ["circle", { cx: 9, cy: 10, r: 1.6 }],
    ["path", { d: "M4 17l5-4.500 3.500 3 3.500-3.500 4.500 4" }],
  ],
  file: [
    ["path", { d: "M13.500 3.500h-6a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-10zM13.500 3.500v5h5M9 13h6M9 16.500h4" }],
  ],
  card: [
    ["rect", { x: 5, y: 3.5, width: 14, height: 17, rx: 2.5 }],
    ["path", { d: "M9 9h6M9 13h6M9 17h3" }],
  ],
  callback: [["path", { d: "M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a2 2 0 0 1-2 2A15.500 15.500 0 0 1 4.500 6a2 2 0 0 1 2-2z" }]],
  video: [
    ["rect", { x: 3, y: 6.5, width: 12, height: 11, rx: 2.5 }],
    ["path", { d: "M15 11l6-3.500v9l-6-3.500" }],
  ],
  complaint: [["path", { d: "M14.500 4.500l5 5L8.500 20.500H3.500v-5zM12 7l5 5" }]],
  sound: [
    ["path", { d: "M4 9.500h3.500L12 5.500v13l-4.500-4H4z" }],
    ["path", { d: "M15.500 9a4.200 4.200 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11" }],
  ],
  microphone: [
    ["rect", { x: 9, y: 3.5, width: 6, height: 11, rx: 3 }],
    ["path", { d: "M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3" }],
  ],
  shield: [
    ["path", { d: "M12 3l7.5 2.800v5.700c0 4.5-3 7.700-7.5 9.5-4.5-1.800-7.5-5-7.5-9.5V5.800z" }],
    ["path", { d: "M8.800 12l2.300 2.300 4.200-4.600" }],
  ],
};

/** Return a line icon by name, hidden from assistive technology. @param {keyof typeof SHAPES} name */
export function icon(name) {
  const svg = shape("svg", {
    viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", fill: "none",
    stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round",
  });
  for (const [kind, attributes] of SHAPES[name]) svg.append(shape(kind, attributes));
  return svg;
}

/** Return an element of a drawing. @param {Shape[0]} name @param {Shape[1]} attributes */
export function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
