/** The size of one rem in pixels, at the chosen text size. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** The default text size of the browser, relative to 16 px. */
export function browserScale(): number {
  const probe = document.createElement("i");
  probe.style.fontSize = "medium";
  document.body.append(probe);
  const size = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return size > 0 ? size / 16 : 1;
}
