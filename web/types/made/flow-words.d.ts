/** What people read of the guided flows; see web/flows.py. */
export const topics: Record<string, string>;
export const steps: Record<string, string>;
/** The card's fields in their order: how agents call them, and the lines of their box. */
export const fields: Record<keyof Api.CardFields, { name: string; lines: number }>;
