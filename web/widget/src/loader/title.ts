/** The title as we have changed it, while we have, and as the page wrote it. */
let ours = "";
let plain = "";

/** The page's own title: whatever number it begins with is the page's. */
export const ownTitle = (): string => (ours ? document.title.replace(ours, () => plain) : document.title);

/** Writes something in front of the page's title, or nothing. */
export function lead(what: string): void {
  plain = ownTitle();
  const now = what + plain;
  if (now !== document.title) document.title = now;
  // as the browser reads it, which is without the spaces at its ends
  ours = what && document.title;
}
