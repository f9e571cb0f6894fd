// The sheets on the way to a human: the ways side by side, leaving a message, the state of cases.

import { caseList } from "./cases.js";
import { Channels } from "./channels.js";
import { Overlay } from "./overlay.js";
import { ticketForm } from "./ticket.js";
import { words } from "./words.js";
/** @import { Panel } from "./panel.js" */

export class HumanSheets {
  /** panel: Panel, whose extras do the ways that are no chat. @param {{panel: Panel}} parts */
  constructor({ panel }) {
    this.panel = panel;
    const { session } = panel;
    this.ways = new Channels({
      session,
      choose: (way) => this.#choose(way),
      offers: () => true,
    });
    this.channelsSheet = new Overlay({
      name: "channels-sheet", title: words.channels.title, onClose: () => this.ways.stop(),
    });
    this.channelsSheet.body.append(this.ways.node);
    this.ticketSheet = new Overlay({ name: "ticket-sheet", title: words.ticket.title });
    this.casesSheet = new Overlay({ name: "cases-sheet", title: words.cases.title });
    this.nodes = [this.channelsSheet.node, this.ticketSheet.node, this.casesSheet.node];
  }

  /** Show the ways to a human. */
  channels() {
    if (this.channelsSheet.isOpen) return;
    this.channelsSheet.open();
    this.ways.start();
  }

  /** Take a message while nobody is there. */
  async ticket() {
    const { session } = this.panel;
    // Whether answers can be mailed is known from the comparison; without it, it is asked now.
    this.ways.told ??= await session.about("/channels").catch(() => null);
    const done = () => {
      this.ticketSheet.close();
      this.panel.focus();
    };
    this.ticketSheet.body.replaceChildren(ticketForm({ session, mail: Boolean(this.ways.told?.ticket?.email), onDone: done }));
    this.ticketSheet.open();
  }

  /** Show the customer's cases. */
  cases() {
    const { session } = this.panel;
    this.casesSheet.body.replaceChildren(
      caseList({
        read: [() => session.about("/cases")],
        onOpen: () => this.casesSheet.close(),
        opens: (one) => one.conversation === session.conversation?.id,
      }),
    );
    this.casesSheet.open();
  }

  /** It is another person's page: close everything and forget what it held. */
  reset() {
    this.ways.stop();
    this.ways.told = null;
    for (const sheet of [this.channelsSheet, this.ticketSheet, this.casesSheet]) sheet.reset();
    for (const sheet of [this.ticketSheet, this.casesSheet]) sheet.body.replaceChildren();
  }

  /** Bring what is open in line with the session. */
  draw() {
    if (this.channelsSheet.isOpen) this.ways.draw();
  }

  /** @param {Chat.Way} way */
  #choose(way) {
    const { panel } = this;
    // The card is looked at and left again: the comparison waits below it.
    if (way === "card") return panel.extras.show("card");
    this.channelsSheet.close();
    if (way === "ticket") this.ticket();
    else if (way === "urgent") {
      panel.session.act("POST", "/queue", { urgent: true }).catch(() => panel.askHuman());
      panel.focus();
    } else if (way !== "chat") panel.extras.show(way);
    else {
      if ((panel.session.state?.owner ?? "bot") === "bot") panel.askHuman();
      panel.focus();
    }
  }
}
