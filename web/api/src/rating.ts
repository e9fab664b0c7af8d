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
