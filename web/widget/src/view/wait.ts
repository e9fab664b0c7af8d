import { ui } from "../ui";
import { people } from "./lazy";

/** What the way to a human agent says besides; nothing if somebody is free, or if that is not known. */
export const waitNote = (): string | false | undefined => ui.site?.service?.free === false && people()?.outlook();
