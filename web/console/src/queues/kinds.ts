/** The kinds of feedback. */
export const kinds = ["left_message", "rating"] as const;
export type Kind = (typeof kinds)[number];
