// Pictures on their way: shown at once, kept with a retry, and never there twice.

import { sha256 } from "./digest.js";
import { newId } from "./ids.js";
/** @import { Session } from "./session.js" */

const KEY = "pictures"; // {hash of the picture: the id under which it was sent and not answered for}

export class Uploads {
  /** session: Session · onChange(): anything changed. @param {{session: Session, onChange: () => unknown}} parts */
  constructor({ session, onChange }) {
    this.session = session;
    this.onChange = onChange;
    /** @type {Chat.Upload[]} */
    this.items = []; // {client_id, file, at, failed}
  }

  /** Send a picture. Rejects with a Problem; where it may be tried again, it stays. @param {File} file */
  async send(file) {
    const { drawer } = this.session;
    const print = sha256(await file.arrayBuffer());
    // The same picture once more after its answer was lost is the same event.
    const id = drawer.get(KEY, {})[print] ?? newId();
    drawer.set(KEY, { ...drawer.get(KEY, {}), [print]: id });
    const item = this.#item(id, file);
    const done = () => {
      const { [print]: _, ...others } = drawer.get(KEY, {});
      drawer.set(KEY, others);
      this.items = this.items.filter((one) => one !== item);
      this.onChange();
    };
    try {
      const { event, of } = await this.session.upload(`/attachments?client_id=${id}`, file);
      this.session.take({ of, events: [event] });
      done();
    } catch (problem) {
      item.failed = true;
      if (problem.permanent) done();
      this.onChange();
      throw problem;
    }
  }

  /** Forget them: they were another person's. */
  clear() {
    this.items = [];
  }

  /** @param {string} id @param {File} file */
  #item(id, file) {
    let item = this.items.find(({ client_id }) => client_id === id);
    if (!item) this.items.push((item = { client_id: id, file, at: new Date().toISOString(), failed: false }));
    item.failed = false;
    this.onChange();
    return item;
  }
}
