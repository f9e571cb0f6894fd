// A browser with many tabs, its storage, bus and locks, a network that loses things, and the help
// center's server, all on one made-up clock and one seed: the same seed plays the same story.

/** Return a function that draws numbers in [0, 1), the same ones for a seed. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

/** What happens when: tasks at times, in ms, and the waiting for promises in between. */
export class Time {
  constructor(random) {
    Object.assign(this, { random, now: 1_800_000_000_000, tasks: [] });
  }

  at(delay, act) {
    const task = { at: this.now + delay, act };
    // Kept in order: the next one stands last.
    let at = this.tasks.length;
    while (at > 0 && this.tasks[at - 1].at <= task.at) at -= 1;
    this.tasks.splice(at, 0, task);
    return () => (task.act = null);
  }

  soon(most, act) {
    return this.at(this.random() * most, act);
  }

  /** Play so many ms; check() after each task. */
  async play(ms, check) {
    const end = this.now + ms;
    await new Promise(setImmediate); // what was begun outside has got as far as its first request
    for (;;) {
      if (!this.tasks.length || this.tasks.at(-1).at > end) break;
      const { at, act } = this.tasks.pop();
      this.now = Math.max(this.now, at);
      if (!act) continue;
      act();
      await new Promise(setImmediate);
      check();
    }
    this.now = end;
  }
}

/** One origin's storage: each tab sees its own writes at once, those of others a moment later. */
export class Store {
  constructor(time) {
    Object.assign(this, { time, values: new Map(), views: new Set() });
  }

  view(lag) {
    const view = { values: new Map(this.values), pending: new Map() };
    this.views.add(view);
    const write = (key, value) => {
      put(view.values, key, value);
      if (!lag) return this.#spread(view, key, value);
      view.pending.set(key, (view.pending.get(key) ?? 0) + 1);
      // What was written first arrives first.
      view.free = Math.max(view.free ?? 0, this.time.now + this.time.random() * lag);
      this.time.at(view.free - this.time.now, () => {
        view.pending.set(key, view.pending.get(key) - 1);
        this.#spread(view, key, value);
      });
      return undefined;
    };
    return {
      get length() {
        return view.values.size;
      },
      key: (at) => [...view.values.keys()][at] ?? null,
      getItem: (key) => view.values.get(key) ?? null,
      setItem: (key, value) => write(key, String(value)),
      removeItem: (key) => write(key, null),
    };
  }

  #spread(from, key, value) {
    put(this.values, key, value);
    for (const view of this.views) if (view !== from && !view.pending.get(key)) put(view.values, key, value);
  }
}

function put(values, key, value) {
  if (value === null) values.delete(key);
  else values.set(key, value);
}

/** Locks as a browser gives them: to one at a time, in their order, or taken away. */
export class Locks {
  constructor(time) {
    Object.assign(this, { time, held: new Map(), queues: new Map() });
  }

  /** The locks as one tab sees them; run(act) calls back into the tab, if it still lives. */
  of(run) {
    return {
      take: (name, { steal }, onTaken, onLost) => {
        const claim = { run, onTaken, onLost, over: false };
        const queue = this.queues.get(name) ?? [];
        this.queues.set(name, queue);
        if (steal) {
          const holder = this.held.get(name);
          this.held.delete(name);
          if (holder) holder.run(() => holder.over || holder.onLost());
          queue.unshift(claim);
        } else queue.push(claim);
        this.time.soon(5, () => this.#grant(name));
        return () => this.drop(name, claim);
      },
    };
  }

  drop(name, claim) {
    claim.over = true;
    if (this.held.get(name) === claim) this.held.delete(name);
    this.time.soon(5, () => this.#grant(name));
  }

  /** A tab is gone: so are its claims. */
  forget(run) {
    for (const [name, queue] of this.queues) {
      for (const claim of [...queue, this.held.get(name)]) if (claim?.run === run) this.drop(name, claim);
    }
  }

  #grant(name) {
    const queue = this.queues.get(name);
    if (this.held.has(name)) return;
    for (let claim = queue.shift(); claim; claim = queue.shift()) {
      if (claim.over) continue;
      this.held.set(name, claim);
      claim.run(() => claim.over || claim.onTaken());
      return;
    }
  }
}
