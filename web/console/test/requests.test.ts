import { join, relative } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { files, parse, walk, web, where } from "./sources";

/** Files that call `fetch` themselves, for reading only: whether the server is available, and a file. */
const askers = ["console/src/panel/queries.ts", "console/src/sign-in/frame.tsx"];

/** The file that sends by itself, because it reports progress; an upload has no key. */
const sender = "console/src/desk/upload.ts";

it("changes nothing but through `call`, which gives every change a key", () => {
  const found: string[] = [];
  for (const path of files(join(web, "console/src"), /\.tsx?$/)) {
    const source = parse(path);
    const name = relative(web, path);
    walk(source, (node) => {
      if (ts.isIdentifier(node) && ["XMLHttpRequest", "sendBeacon"].includes(node.text) && name !== sender)
        found.push(where(source, node));
      if (ts.isStringLiteralLike(node) && node.text.toLowerCase() === "idempotency-key")
        found.push(where(source, node));
      if (!ts.isCallExpression(node)) return;
      const asked = node.expression;
      const fetches =
        (ts.isIdentifier(asked) && asked.text === "fetch") ||
        (ts.isPropertyAccessExpression(asked) && asked.name.text === "fetch");
      if (fetches && (!askers.includes(name) || /\bmethod\b/.test(node.getText()))) found.push(where(source, node));
    });
  }
  expect(found).toEqual([]);
});
