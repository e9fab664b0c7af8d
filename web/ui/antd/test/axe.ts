import axe from "axe-core";

/** The rules of WCAG 2.2, levels A and AA; axe's own advice has other tags. */
const standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Violations of the standard, and of those pieces of axe's own advice that it takes seriously. Contrast needs a layout, so the tokens have a separate test for it. */
export async function faults(container: Element): Promise<string[]> {
  const result = await axe.run(container, {
    resultTypes: ["violations"],
    preload: false,
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return result.violations
    .filter(
      ({ impact, tags }) => impact === "serious" || impact === "critical" || tags.some((one) => standard.includes(one)),
    )
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}`));
}
