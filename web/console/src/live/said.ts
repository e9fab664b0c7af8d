import type { SendBody } from "@yingda/api/types";

/**
 * Whether something that an agent sends has words of its own: it is shown while it is on its way, and can be sent again. An act such as taking or resolving has none: if
 * it is refused, that is reported.
 */
export const isSaid = ({ type }: SendBody): boolean =>
  type === "text" || type === "file" || type === "note" || type === "whisper";
