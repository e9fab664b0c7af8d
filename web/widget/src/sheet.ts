const worn = new Set<string>();

/** Brings a part's style sheet into the page, once. Made by script and not inline, so the strict policy holds. */
export function wear(css: string): void {
  if (worn.has(css)) return;
  worn.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
