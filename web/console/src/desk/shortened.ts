import { graphemes } from "@yingda/api/graphemes";

/** The most characters of a text that a preview shows. */
const MOST = 16;

/** The beginning of a text, on one line. */
export function shortened(text: string): string {
  const all = graphemes(text.replace(/\s+/g, " ").trim());
  return all.length > MOST ? `${all.slice(0, MOST).join("")}…` : all.join("");
}
