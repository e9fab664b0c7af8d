import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { files, packages, parse, walk, web, where } from "./sources";

/** What answers with a text that people wrote: a name or a text in the reader's language. */
const said = /^(say|pick|words\.pick|nameOf|titleOf|use(Name|Title)Of\(\))$/;
/** Indicators and what they mean are words of ours. */
const ours = /\b(indicator|names\.get)\b/;
/** Elements with a direction of their own, or that only the browser draws. */
const own = new Set(["bdi", "option", "title"]);

/** Whether an expression shows such a text, or a name that was given to one in the same file. */
function shows(one: ts.Expression, known: ReadonlySet<string>): boolean {
  if (ts.isParenthesizedExpression(one)) return shows(one.expression, known);
  if (ts.isBinaryExpression(one)) {
    const last = one.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
    return shows(one.right, known) || (!last && shows(one.left, known));
  }
  if (ts.isConditionalExpression(one)) return shows(one.whenTrue, known) || shows(one.whenFalse, known);
  if (ts.isIdentifier(one)) return known.has(one.text);
  return ts.isCallExpression(one) && said.test(one.expression.getText()) && !ours.test(one.getText());
}

function isDirected(node: ts.Node): boolean {
  for (let at = node.parent; at && !ts.isFunctionLike(at); at = at.parent) {
    if (!ts.isJsxElement(at)) continue;
    const { tagName, attributes } = at.openingElement;
    // A component says by itself where it puts what it is given.
    if (at === node.parent && /^[A-Z]/.test(tagName.getText())) return true;
    const texts = attributes.properties.map((attribute) => attribute.getText());
    if (own.has(tagName.getText()) || texts.some((text) => /^dir=|^class(Name)?="(.* )?sr( .*)?"$/.test(text)))
      return true;
  }
  return false;
}

it.each(packages)("what people wrote is shown in its own direction: %s", (pack) => {
  const without: string[] = [];
  let directed = 0;
  for (const path of files(join(web, pack, "src"), /\.tsx$/)) {
    const source = parse(path);
    const known = new Set<string>();
    walk(source, (node) => {
      if (!ts.isVariableDeclaration(node) || !node.initializer || !ts.isIdentifier(node.name)) return;
      if (shows(node.initializer, known)) known.add(node.name.text);
    });
    walk(source, (node) => {
      if (!ts.isJsxExpression(node) || !node.expression) return;
      if (!(ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) return;
      if (!shows(node.expression, known)) return;
      if (isDirected(node)) directed += 1;
      else without.push(`${where(source, node)} ${node.getText()}`);
    });
  }
  expect(without, "give it an element with dir=auto, or <bdi>").toEqual([]);
  expect(directed).toBeGreaterThan(2);
});
