// The page 服务进度: the cases of every conversation that this browser has had on this site.

import { caseList } from "./cases.js";
import { el } from "./nodes.js";
import { Shelf } from "./storage.js";
import { Api } from "./transport.js";
import { words } from "./words.js";

const CHANNELS = ["help", "app", "widget"];
const api = new Api(location.origin);
const held = CHANNELS.map((channel) => ({ channel, at: new Shelf(`xiaohu:${channel}`).get("conversation") })).filter(
  ({ at }) => at?.token,
);

const place = document.getElementById("cases");
if (!held.length) place.replaceChildren(el("p", {}, words.cases.unknown));
else {
  const channelOf = (one) => held.find(({ at }) => at.id === one.conversation)?.channel;
  place.replaceChildren(
    caseList({
      heading: "h2",
      read: held.map(({ at }) => () => api.beside(at, "GET", "/cases")),
      opens: (one) => Boolean(channelOf(one)),
      // The chat of this page is the help center's; the app's has a page of its own.
      onOpen: (one) => {
        if (channelOf(one) === "help" && window.xiaohu) window.xiaohu("open");
        else location.href = "/app";
      },
    }),
  );
}
