/** Letters that are written from right to left. */
const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\ud802\ud803\ud83a\ud83b]/;

/**
 * A name or a quotation that is put into a sentence of ours: if it is written from right to left, it is isolated (U+2068, U+2069), so that it does not reorder
 * what follows. Text with an element of its own has `dir="auto"` instead.
 */
export const isolated = (text: string): string => (LEFTWARD.test(text) ? `\u2068${text}\u2069` : text);

/** Such a sentence where it is sent as a text of its own. */
export const bare = (text: string): string => text.replace(/[\u2068\u2069]/g, "");
