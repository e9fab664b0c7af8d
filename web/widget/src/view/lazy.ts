import { lazily } from "../later";

export const elder = lazily(() => import("./elder"));
export const emoji = lazily(() => import("./emoji"));
export const files = lazily(() => import("./files"));
export const judge = lazily(() => import("./judge"));
export const leftMessage = lazily(() => import("./left-message"));
export const linked = lazily(() => import("./linked"));
/** Lines about people: waiting for one, and who joined and left. */
export const people = lazily(() => import("./people"));
export const rail = lazily(() => import("./rail"));
export const recommend = lazily(() => import("./recommend"));
export const rating = lazily(() => import("./rating"));
export const suggest = lazily(() => import("./suggest"));
