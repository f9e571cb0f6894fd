/** What people read of the guided flows; see web/flows.py. */
export const topics: Record<string, string>;
export const steps: Record<string, string>;
