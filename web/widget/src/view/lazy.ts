import { lazily } from "../later";

/** What a person is to know before one is asked for. */
export const about = lazily(() => import("./about"));
export const elder = lazily(() => import("./elder"));
export const files = lazily(() => import("./files"));
/** What the customer thinks of an answer, and of the service. */
export const judge = lazily(() => import("./judge"));
export const leftMessage = lazily(() => import("./left-message"));
export const linked = lazily(() => import("./linked"));
/** Lines about people: waiting for one, and who joined and left. */
export const people = lazily(() => import("./people"));
export const rail = lazily(() => import("./rail"));
/** What is recommended, and what the customer allows to be kept. */
export const recommend = lazily(() => import("./recommend"));
/** Beside what is being written: similar questions, and emoji. */
export const suggest = lazily(() => import("./suggest"));
