/** The size of one rem in pixels, at the chosen text size. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** How large the letters are that the reader chose in the browser itself: 1 unless they are others than usual. */
export function browserScale(): number {
  const probe = document.createElement("i");
  probe.style.fontSize = "medium";
  document.body.append(probe);
  const size = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return size > 0 ? size / 16 : 1;
}
