// @vitest-environment node
import { readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

it("schema.ts is what docs/openapi.json makes of it: else run `make openapi`", async () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  const made = COMMENT_HEADER + astToString(await openapiTS(read("../../../docs/openapi.json")));
  expect(made === read("../src/schema.ts"), "web/api/src/schema.ts is out of date").toBe(true);
}, 30_000);
