import { expect, test } from "vitest";
import { counted } from "../src/webhooks/counted";

test("a thousand are counted, and more are more", () => {
  expect([0, 1000, 1001].map((n) => counted(n, "en"))).toEqual(["0", "1,000", "1,000+"]);
});
