// What the browser gives to tabs of one origin for finding each other: a bus, locks, a clock.

/** Return a bus over a BroadcastChannel, or over storage events where there is none. @param {Chat.Area} area @returns {Chat.Bus} */
export function openBus(area, name = "xiaohu") {
  if (typeof BroadcastChannel === "function") {
    try {
      return channelBus(new BroadcastChannel(name));
    } catch {
      // refused in some sandboxes
    }
  }
  return area.alone ? { post() {}, listen() {}, close() {} } : storageBus(area, `${name}:bus`);
}

/** @param {BroadcastChannel} channel @returns {Chat.Bus} */
function channelBus(channel) {
  return {
    post: (message) => channel.postMessage(message),
    listen: (take) => (channel.onmessage = ({ data }) => take(data)),
    close: () => channel.close(),
  };
}

/** @param {Chat.Area} area @param {string} key @returns {Chat.Bus} */
function storageBus(area, key) {
  /** @type {(event: StorageEvent) => unknown} */
  let hear = () => {};
  let count = 0;
  addEventListener("storage", (event) => hear(event));
  return {
    post: (message) => {
      try {
        area.setItem(key, JSON.stringify({ message, count: (count += 1), at: Date.now() }));
        area.removeItem(key);
      } catch {
        // full storage: the other tabs find out when they look themselves
      }
    },
    listen: (take) => {
      hear = ({ key: changed, newValue }) => changed === key && newValue && take(JSON.parse(newValue).message);
    },
    close: () => (hear = () => {}),
  };
}

/** Return the browser's locks, or null where there are none. @returns {Chat.Locks | null} */
export function webLocks() {
  const manager = globalThis.navigator?.locks;
  if (!manager?.request) return null;
  return {
    /** Ask for a lock; onTaken() when it is ours, onLost() when it was taken from us. Returns release(). */
    take(name, { steal }, onTaken, onLost) {
      const abort = new AbortController();
      /** @type {(done?: unknown) => void} */
      let open = () => {};
      let over = false;
      const hold = () => {
        if (over) return undefined;
        onTaken();
        return new Promise((resolve) => (open = resolve));
      };
      manager
        .request(name, steal ? { steal } : { signal: abort.signal }, hold)
        .catch(() => over || onLost());
      return () => {
        over = true;
        abort.abort();
        open();
      };
    },
  };
}

/** The clock of this page. */
/** @type {Chat.Clock} */
export const clock = {
  now: () => Date.now(),
  /** Call after so many ms; returns a function that calls it off. */
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
