import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { files, packages, parse, walk, web, where, words } from "./sources";

/** Attributes whose value a person sees or hears. */
const spoken = new Set([
  "title",
  "alt",
  "placeholder",
  "label",
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "aria-valuetext",
  "closeLabel",
  "name",
  "hint",
  "aside",
]);
const letters = /\p{L}/u;

/** The key of a text is not itself a text. */
const keys = (pack: string) =>
  new Set([...words(pack, "zh-CN").keys()].flatMap((full) => [full, full.slice(full.indexOf(".") + 1)]));

function bare(path: string, known: ReadonlySet<string>): string[] {
  const source = parse(path);
  const found: string[] = [];
  const note = (node: ts.Node, text: string) =>
    known.has(text.trim()) || found.push(`${where(source, node)}: ${text.trim()}`);
  const spokenOf = (expression: ts.Expression): ts.StringLiteralLike[] => {
    if (ts.isStringLiteralLike(expression)) return [expression];
    if (ts.isParenthesizedExpression(expression)) return spokenOf(expression.expression);
    if (ts.isConditionalExpression(expression))
      return [...spokenOf(expression.whenTrue), ...spokenOf(expression.whenFalse)];
    if (ts.isBinaryExpression(expression) && /^(&&|\|\||\?\?)$/.test(expression.operatorToken.getText()))
      return [...spokenOf(expression.left), ...spokenOf(expression.right)];
    return [];
  };
  walk(source, (node) => {
    if (ts.isJsxText(node) && letters.test(node.text)) note(node, node.text);
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent)) {
      for (const text of spokenOf(node.expression)) if (letters.test(text.text)) note(text, text.text);
    }
    if (ts.isJsxAttribute(node) && node.initializer) {
      const name = node.name.getText();
      const element = node.parent.parent;
      const tag = ts.isJsxOpeningLikeElement(element) ? element.tagName.getText() : "";
      // `name` is visible text only on our own components; on elements it is the form field's name.
      if (!spoken.has(name) || (name === "name" && !/^Tip$/.test(tag))) return;
      const texts = ts.isStringLiteral(node.initializer)
        ? [node.initializer]
        : ts.isJsxExpression(node.initializer) && node.initializer.expression
          ? spokenOf(node.initializer.expression)
          : [];
      for (const text of texts) if (letters.test(text.text)) note(text, text.text);
    }
  });
  return found;
}

describe("bare strings", () => {
  it.each(packages)("do not stand in the pages of %s", (pack) => {
    const pages = files(join(web, pack, "src"), /\.tsx$/);
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.flatMap((page) => bare(page, keys(pack)))).toEqual([]);
  });
});
