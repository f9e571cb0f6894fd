// The page 服务进度: the cases of whoever sits in this tab.

import { caseList } from "./cases.js";
import { heldHere, onSignedOut } from "./held.js";
import { el, part } from "./nodes.js";
import { Api } from "./transport.js";
import { words } from "./words.js";

const api = new Api(location.origin);
const place = part("cases");

function draw() {
  const held = heldHere();
  if (!held.length) return place.replaceChildren(el("p", {}, words.cases.unknown));
  /** @param {Api.CaseOut} one */
  const owner = (one) => held.find(({ at }) => at.id === one.conversation);
  return place.replaceChildren(
    caseList({
      heading: "h2",
      read: held.map(({ at }) => () => api.beside(at, "GET", "/cases")),
      opens: (one) => Boolean(owner(one)),
      // The chat of this page is the help center's; the app's has a page of its own.
      onOpen: (one) => {
        if (owner(one)?.channel === "help" && window.xiaohu) window.xiaohu("open");
        else location.href = "/app";
      },
    }),
  );
}

draw();
onSignedOut(draw);
