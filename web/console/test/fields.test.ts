import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { files, parse, walk, web, where } from "./sources";

const kit = "console/src/lib/field.tsx";
/** The fields before signing in: larger, without the component library, and one of them can show its password. */
const others = ["console/src/lib/password-field.tsx", "console/src/sign-in/plain-field.tsx"];

const pages = files(join(web, "console/src"), /\.tsx$/).map((path) => ({
  name: relative(web, path),
  source: parse(path),
}));
/** Where something is found, in these files or in all but these. */
function found(what: (node: ts.Node) => boolean, { within, except = [] }: { within?: string; except?: string[] }) {
  const all: string[] = [];
  for (const { name, source } of pages)
    if (within === undefined ? !except.includes(name) : name === within)
      walk(source, (node) => what(node) && all.push(where(source, node)));
  return all;
}

const declares = (node: ts.Node) =>
  (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isVariableDeclaration(node)) &&
  node.name?.getText() === "Field";

const attribute = (element: ts.JsxOpeningLikeElement, name: string) =>
  element.attributes.properties.find((one) => ts.isJsxAttribute(one) && one.name.getText() === name);
function around(node: ts.Node): ts.JsxElement | undefined {
  for (let at = node.parent; at; at = at.parent) if (ts.isJsxElement(at)) return at;
  return undefined;
}
const isField = (element: ts.JsxOpeningElement) => /\bfield\b/.test(attribute(element, "className")?.getText() ?? "");
/** A label of the class `field`, or one that names its control by id in an element of that class. */
function ties(node: ts.Node): boolean {
  if (!ts.isJsxElement(node) || node.openingElement.tagName.getText() !== "label") return false;
  if (isField(node.openingElement)) return true;
  const field = around(node);
  return (
    attribute(node.openingElement, "htmlFor") !== undefined && field !== undefined && isField(field.openingElement)
  );
}

describe("there is one field", () => {
  it("which is found where it is", () => {
    expect(found(declares, { within: kit })).toHaveLength(1);
    expect(found(ties, { within: kit })).toHaveLength(1);
    for (const name of others) expect(found(ties, { within: name }).length, name).toBeGreaterThan(0);
  });

  it("by name", () => {
    expect(found(declares, { except: [kit] }), `use ${kit}`).toEqual([]);
  });

  it("by form: no other ties a control to a label and to the text below it", () => {
    expect(found(ties, { except: [kit, ...others] }), `use ${kit}`).toEqual([]);
  });
});
