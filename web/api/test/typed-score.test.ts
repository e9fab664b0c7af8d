import { expect, it } from "vitest";
import lines from "../../../crates/domain/src/rating.typed.json";
import { typedScore } from "../src/typed-score";

it.each(Object.entries(lines))("takes %j for the rating that the server takes it for", (line, score) => {
  expect(typedScore(line)).toBe(score ?? 0);
});
