import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { files, parse, walk, web, where } from "./sources";

/** The clients: the one of all pages, event streams, which are not JSON, and the widget's two, which are smaller. */
const clients = ["api/src/client.ts", "api/src/link.ts", "widget/src/ask.ts", "widget/src/ask-as-visitor.ts"];
/** Files that read something else: whether the server is available, files of the page itself, and a file for which the session's token is needed. */
const readers = [
  "api/src/bring.ts",
  "console/src/sign-in/frame.tsx",
  "hall/src/ui/art.tsx",
  "widget/src/text.ts",
  "widget/src/view/files.tsx",
];
/** Files that send by themselves, because they report progress; an upload has no key. */
const uploaders = ["api/src/upload.ts"];
/** Files that write addresses: `urlOf`, and the widget, which has them checked without loading it. */
const writers = [
  "api/src/operations.ts",
  "widget/src/ask.ts",
  "widget/src/calls.ts",
  "widget/src/view/consent.tsx",
  "widget/src/view/files.tsx",
  "widget/src/view/product.tsx",
  "widget/src/view/recommend.tsx",
];

const sources = ["api", "console", "hall", "widget", "ui/antd"]
  .flatMap((pack) => files(join(web, pack), /\.tsx?$/))
  .filter((path) => !path.endsWith("/schema.ts"))
  .map((path) => ({ name: relative(web, path), source: parse(path) }));

/** Where something is found in files other than these. */
function found(what: (node: ts.Node) => boolean, except: readonly string[] = []): string[] {
  const all: string[] = [];
  for (const { name, source } of sources)
    if (!except.includes(name)) walk(source, (node) => what(node) && all.push(where(source, node)));
  return all;
}

const calls = (node: ts.Node, ...names: string[]): node is ts.CallExpression =>
  ts.isCallExpression(node) &&
  ((ts.isIdentifier(node.expression) && names.includes(node.expression.text)) ||
    (ts.isPropertyAccessExpression(node.expression) && names.includes(node.expression.name.text)));
const isRequest = (node: ts.Node) => calls(node, "call", "download", "ask", "read", "send");
/** What is asserted to be of a type, without what stands around it. */
const inner = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node) ? inner(node.expression) : node;
const begins = (node: ts.Node, text: string) =>
  (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && node.text.startsWith(text);

describe("a request", () => {
  it("is looked for in all packages", () => {
    expect(found((node) => calls(node, "call")).length).toBeGreaterThan(0);
    for (const path of [...clients, ...readers, ...uploaders, ...writers])
      expect(sources.map(({ name }) => name)).toContain(path);
  });

  it("has the type that the API document gives it", () => {
    const claimed = (node: ts.Node) =>
      (isRequest(node) && (node as ts.CallExpression).typeArguments !== undefined) ||
      (ts.isAsExpression(node) && isRequest(inner(node.expression)));
    expect(found(claimed)).toEqual([]);
  });

  it("is made by a client; nothing else sends", () => {
    expect(found((node) => calls(node, "fetch"), [...clients, ...readers])).toEqual([]);
    expect(found((node) => calls(node, "fetch") && /\bmethod\b/.test(node.getText()), clients)).toEqual([]);
    const sends = (node: ts.Node) => ts.isIdentifier(node) && ["XMLHttpRequest", "sendBeacon"].includes(node.text);
    expect(found(sends, uploaders)).toEqual([]);
    const keys = (node: ts.Node) => ts.isStringLiteralLike(node) && node.text.toLowerCase() === "idempotency-key";
    expect(found(keys, clients)).toEqual([]);
  });

  it("has an address that the API document knows", () => {
    expect(found((node) => begins(node, "/api/"), writers)).toEqual([]);
  });
});
