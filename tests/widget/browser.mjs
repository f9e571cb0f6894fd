// Tabs of one browser, each with a real kernel; they are opened, reloaded, frozen, killed.

import { Kernel } from "./static/kernel.js";
import { Problem } from "./static/transport.js";
import { Locks, Store, Time, dice } from "./world.mjs";
import { Server } from "./server.mjs";

export class Browser {
  /** locks: whether it has Web Locks · lag: ms until one tab sees what another has stored. */
  constructor(seed, { locks = true, lag = 0 } = {}) {
    this.random = dice(seed);
    this.time = new Time(this.random);
    this.store = new Store(this.time);
    this.locks = locks ? new Locks(this.time) : null;
    this.server = new Server();
    Object.assign(this, { lag, tabs: new Set(), losses: 0, offline: false, said: 0 });
  }

  /** Open a tab. token: of the wallet, or null · of: an earlier tab whose reload it is. */
  open({ token = null, of = null, people = new Set() } = {}) {
    const tab = new Tab(this, of, { again: Boolean(of), within: false }, people);
    this.tabs.add(tab);
    tab.run(() => {
      if (token) tab.kernel.identify(token);
      tab.kernel.connect();
    });
    return tab;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }
}

class Tab {
  constructor(browser, of, arrival, people) {
    Object.assign(this, { browser, people, alive: true, frozen: false, held: [], seen: true });
    this.session = of?.session ?? new Store(browser.time);
    this.run = (act) => {
      if (!this.alive) return;
      if (this.frozen) this.held.push(act);
      else act();
    };
    const { time, locks, store, lag } = browser;
    const ports = {
      api: this.#api(),
      bus: this.#bus(),
      locks: locks ? locks.of(this.run) : null,
      clock: { now: () => time.now, after: (ms, act) => time.at(ms, () => this.run(act)) },
      area: store.view(lag),
      tabArea: this.session.view(0),
      arrival,
      makeFeed: (hooks) => this.#feed(hooks),
    };
    const quiet = () => {};
    const hooks = { onChange: quiet, onEvent: quiet, onSignal: quiet, onSeat: quiet, isSeen: () => this.seen };
    this.kernel = new Kernel({ ports, channel: "app", page: () => "", hooks });
  }

  /** The phone puts it to sleep, or wakes it. */
  freeze(on) {
    this.frozen = on;
    if (on) return;
    for (const act of this.held.splice(0)) this.run(act);
    this.run(() => this.kernel.check());
  }

  /** The name of the drawer of whoever sat here last. */
  get former() {
    return JSON.parse(this.session.values.get("xiaohu:former") ?? "null");
  }

  look(seen) {
    this.seen = seen;
    this.run(() => this.kernel.check());
  }

  /** Gone without a word. */
  kill() {
    this.alive = false;
    this.browser.tabs.delete(this);
    this.stopStream?.();
    this.browser.locks?.forget(this.run);
  }

  #bus() {
    const { browser } = this;
    return {
      post: (message) => {
        const text = JSON.stringify(message);
        for (const tab of browser.tabs) {
          if (tab === this) continue;
          // In their order from one tab to another.
          tab.free = Math.max(tab.free ?? 0, browser.time.now + browser.random() * 20);
          browser.time.at(tab.free - browser.time.now, () => tab.run(() => tab.hear?.(JSON.parse(text))));
        }
      },
      listen: (take) => (this.hear = take),
      close: () => (this.hear = null),
    };
  }

  #api() {
    const { server } = this.browser;
    const call = (act) => this.#call(act);
    return {
      create: (channel, jwt, page, opening) => call(() => server.create({ jwt, opening })),
      post: (at, item) => call(() => server.post(at, item)),
      events: (at, after) => call(() => server.events(at, after)),
      exchange: (at) => call(() => server.exchange(at)),
      revoke: (at) => call(() => server.revoke(at)),
      stream: (at, after) => call(() => ({ at, after })),
    };
  }

  // A request may get lost on its way there or on its way back.
  #call(act) {
    const { browser } = this;
    const lost = () => browser.offline || browser.random() < browser.losses;
    return new Promise((resolve, reject) => {
      browser.time.soon(120, () => {
        let settle = () => reject(new Problem(0, "lost"));
        if (!lost()) {
          try {
            const answer = JSON.parse(JSON.stringify(act()));
            if (!lost()) settle = () => resolve(answer);
          } catch (problem) {
            if (!(problem instanceof Problem)) throw problem;
            settle = () => reject(problem);
          }
        }
        browser.time.soon(120, () => this.run(settle));
      });
    });
  }

  // What feed.js does with fetch: a stream, polling while there is none.
  #feed({ open, poll, onMessage, onStatus }) {
    const { time, server } = this.browser;
    let turn = null;
    const again = (mine, ms) => time.at(ms, () => this.run(() => turn === mine && attempt(mine)));
    const attempt = async (mine) => {
      try {
        const { at, after } = await open();
        if (turn !== mine || !this.alive) return;
        let free = time.now;
        this.stopStream = server.stream(at, after, (event) => {
          free = Math.max(free, time.now + this.browser.random() * 60);
          time.at(free - time.now, () => this.run(() => turn === mine && onMessage("event", structuredClone(event))));
        });
        onStatus("live");
        time.at(5_000 + this.browser.random() * 20_000, () => {
          if (turn !== mine) return;
          this.stopStream?.();
          this.run(() => turn === mine && attempt(mine));
        });
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (turn !== mine) return;
        onStatus("polling");
        await poll().catch(() => {});
        again(mine, 3_000);
      }
    };
    return {
      start: () => {
        if (turn) return;
        turn = {};
        attempt(turn);
      },
      stop: () => {
        turn = null;
        this.stopStream?.();
        this.stopStream = null;
      },
      check: () => {},
    };
  }
}
