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
