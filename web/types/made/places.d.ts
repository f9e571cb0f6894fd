/** Where links may lead and which numbers may be called; see web/widget/views.py. */
export const places: { hosts: string[]; dial: string; calling: string };
