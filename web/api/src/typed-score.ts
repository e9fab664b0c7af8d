const written =
  /^(?:我?[给給打]|评|評)?([1-5一二三四五]|one|two|three|four|five)(?:分|[颗顆]?星|\/5|points?|stars?|outof5)?[.。!~吧哦了]*$/i;
const values = [/[1一]|one/i, /[2二]|two/i, /[3三]|three/i, /[4四]|four/i, /[5五]|five/i];

/** The rating that a line of text is and nothing else, such as "5", "五分" or "4 stars", as the server takes it (`crates/domain/src/rating.rs`); 0 for any other line. */
export function typedScore(line: string): number {
  const [, score] = written.exec(line.normalize("NFKC").replace(/\s/g, "")) ?? [];
  return score ? values.findIndex((value) => value.test(score)) + 1 : 0;
}
