// Ids that a client draws for what it sends, so that a retry never doubles it.

/** Return a new id, also where crypto.randomUUID is missing (plain http). */
export function newId() {
  // What is missing is not what the types of today's browsers expect to be.
  const { crypto } = /** @type {{crypto?: Partial<Crypto>}} */ (globalThis);
  if (crypto?.randomUUID) return crypto.randomUUID();
  const bytes = new Uint8Array(16);
  if (crypto?.getRandomValues) crypto.getRandomValues(bytes);
  else bytes.forEach((_, i) => (bytes[i] = Math.random() * 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
