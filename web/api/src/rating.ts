/** The scale on which customers rate a conversation, as `crates/domain/src/rating.rs` has it: a rating above the middle is good, and one below it is poor. */
export const WORST_SCORE = 1;
export const BEST_SCORE = 5;
export const MIDDLE_SCORE = (WORST_SCORE + BEST_SCORE) / 2;

export const isGood = (score: number) => score > MIDDLE_SCORE;
export const isPoor = (score: number) => score < MIDDLE_SCORE;

/** The scores that an indicator counts. */
export const scoresOf = {
  rating_good: { from: MIDDLE_SCORE + 1, to: BEST_SCORE },
  rating_mid: { from: MIDDLE_SCORE },
  rating_poor: { from: WORST_SCORE, to: MIDDLE_SCORE - 1 },
};

const written = /^(?:我?[给給打]|评|評)?([1-5一二三四五]|one|two|three|four|five)(?:分|[颗顆]?星|\/5|points?|stars?|outof5)?[.。!~吧哦了]*$/i;
const values = [/[1一]|one/i, /[2二]|two/i, /[3三]|three/i, /[4四]|four/i];

/** The rating that a line of text is and nothing else, such as "5", "五分" or "4 stars", as the server takes it; 0 for any other line. */
export function typedScore(line: string): number {
  const [, score] = written.exec(line.normalize("NFKC").replace(/\s/g, "")) ?? [];
  return score ? (values.findIndex((value) => value.test(score)) + 1 || BEST_SCORE) : 0;
}
