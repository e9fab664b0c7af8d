import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { web } from "./sources";

const read = (path: string) => readFileSync(join(web, "..", path), "utf8");

/** The code that docs/adding-a-page.md shows, and the file that its first line names. Parts that were left out are marked by an ellipsis. */
const shown = [
  ...read("docs/adding-a-page.md").matchAll(/^( *)```(?:tsx?|json)\n *\/\/ (\S+)\n([\s\S]*?)^ *```$/gm),
].map(([, indent = "", path = "", code = ""]) => ({
  path,
  parts: code.replace(new RegExp(`^${indent}`, "gm"), "").split("// …\n"),
}));

describe("the page that docs/adding-a-page.md shows", () => {
  it("is whole, from its requests to its story", () => {
    expect(shown.map(({ path }) => path)).toEqual([
      "web/console/src/settings/queries.ts",
      "web/console/src/settings/group-form.tsx",
      "web/console/src/settings/groups-page.tsx",
      "web/console/src/plans/plans-table.tsx",
      "web/console/src/canned-replies/search.ts",
      "web/console/src/canned-replies/canned-replies-page.tsx",
      "web/console/src/settings/routes.ts",
      "web/console/src/shell/areas.ts",
      "web/console/locales/en/settings.json",
      "web/console/test/groups.test.tsx",
      "e2e/stories/settings.spec.ts",
    ]);
  });

  it.each([
    "use-editor.ts",
    "form-dialog.tsx",
    "page.tsx",
    "list-page.tsx",
    "field.tsx",
    "check-group.tsx",
    "search-field.tsx",
    "table.tsx",
    "shown-once.tsx",
  ])("names every option of %s", (file) => {
    const interfaces = read(`web/console/src/lib/${file}`).match(
      /^(?:export )?interface (?:EditorOptions|\w+Props)\b[\s\S]*?^}/gm,
    );
    const options = (interfaces ?? []).flatMap((one) =>
      [...one.matchAll(/^ {2}(\w+)\??[:(]/gm)].map(([, name]) => name),
    );
    expect(options.length).toBeGreaterThan(0);
    const text = read("docs/adding-a-page.md");
    expect(options.filter((name) => !text.includes(`\`${name ?? ""}\``))).toEqual([]);
  });

  it.each(shown)("stands in $path", ({ path, parts }) => {
    const source = read(path);
    for (const part of parts) expect(source).toContain(part.trim());
  });

  it("takes as many lines as one reads at once", () => {
    const [list = "", form = ""] = ["groups-page", "group-form"].map((name) =>
      read(`web/console/src/settings/${name}.tsx`),
    );
    expect(list.split("\n").length).toBeLessThanOrEqual(80);
    expect(form.split("\n").length).toBeLessThanOrEqual(61);
  });
});
