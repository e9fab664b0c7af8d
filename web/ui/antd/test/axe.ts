import axe from "axe-core";

/** What axe calls serious or critical. Contrast needs a layout, so the tokens have a separate test for it. */
export async function faults(container: Element): Promise<string[]> {
  const result = await axe.run(container, {
    resultTypes: ["violations"],
    preload: false,
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return result.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}`));
}
