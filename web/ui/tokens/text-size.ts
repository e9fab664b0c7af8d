/** Lets the layout follow the size of the text while a page stands. */

/** All elements that are asked how wide they are. */
const containers = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("body, body *")].filter((element) => getComputedStyle(element).containerType !== "normal");

/**
 * Chromium keeps the answers of container queries in rem when the root's text size changes, whoever changed it: the page, or the reader
 * in the browser's own settings. A container that is made anew asks again, so all of them are, before the next paint.
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
