import type { TestInfo } from "@playwright/test";

/**
 * Why a story waits for another run of `make test`, or undefined if it does not. A story with the tag @must is in every run: each promise has one. The others
 * take turns: TURN is one of TURNS (scripts/test.sh sets both), and a story has the same one in every run.
 */
export function whyItWaits({ tags, titlePath, project }: TestInfo): string | undefined {
  if (!process.env.TURN || tags.includes("@must")) return undefined;
  let hash = 0;
  for (const letter of [...titlePath, project.name].join()) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return hash % Number(process.env.TURNS) === Number(process.env.TURN) ? undefined : "not in turn";
}
