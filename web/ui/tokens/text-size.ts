/** Makes the layout follow changes of the text size while a page is open. */

/** All elements with container queries. */
const containers = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("body, body *")].filter(
    (element) => getComputedStyle(element).containerType !== "normal",
  );

/**
 * Chromium keeps the results of container queries in rem when the root's text size changes, whether the page changed it or the reader did in the browser's
 * settings. A container that is recreated evaluates them again, so this does that to all of them before the next paint.
 */
export function followTextSize(): void {
  const rem = document.createElement("div");
  rem.ariaHidden = "true";
  Object.assign(rem.style, { position: "fixed", visibility: "hidden", inlineSize: "1rem", blockSize: "0" });
  document.documentElement.append(rem);
  new ResizeObserver(() => {
    const all = containers();
    for (const element of all) element.style.containerType = "normal";
    void document.body.offsetWidth;
    for (const element of all) element.style.containerType = "";
  }).observe(rem);
}
