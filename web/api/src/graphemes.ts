/**
 * Characters as people count them: a flag, a family or a letter with its accents is one, however many code points it has (Unicode Standard Annex 29). Whatever
 * is cut for people to see is cut between them. A browser without the rule for that counts code points.
 */
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("en") : undefined;

export const graphemes = (text: string): string[] =>
  segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : [...text];

/** As many whole characters as fit into a number of code points, which is how the server measures texts. */
export function within(text: string, most: number): string {
  let left = most;
  const all = graphemes(text);
  const end = all.findIndex((one) => (left -= [...one].length) < 0);
  return all.slice(0, end < 0 ? all.length : end).join("");
}

/** A text after a change, with so much of what was put in as there is room for: what was there before stays, and no character is cut. */
export function fitted(before: string, after: string, most: number): string {
  if ([...after].length <= most) return after;
  const [was, is] = [graphemes(before), graphemes(after)];
  let start = 0;
  while (start < was.length && was[start] === is[start]) start += 1;
  let end = 0;
  while (end < Math.min(was.length, is.length) - start && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  const [head, tail] = [is.slice(0, start).join(""), is.slice(is.length - end).join("")];
  const room = Math.max(0, most - [...head].length - [...tail].length);
  return head + within(is.slice(start, is.length - end).join(""), room) + tail;
}

/** The `maxLength` of a field of the browser's that holds a text: browsers count units, of which an emoji that is there already takes more than the server counts. */
export const maxLengthOf = (text: string, most: number): number => most + text.length - [...text].length;
