import { h, type Child } from "../dom";
import css from "../style/sheet.css?inline";
import { t } from "../text";

/** What the parts that are loaded later have in common. */

const worn = new Set<string>();

/** Adds a part's style sheet to the page, once. It is created by script and not inline, so it passes the strict policy. */
export function wear(css: string): void {
  if (worn.has(css)) return;
  worn.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
wear(css);

export function Button(p: { kind?: string; press(): void; pressed?: boolean; children: Child }) {
  return (
    <button type="button" class={`btn ${p.kind ?? ""}`} aria-pressed={p.pressed} onClick={p.press}>
      {p.children}
    </button>
  );
}

/** What each score means, the worst first. */
export const scores = (): string[] => t("rate.words").split("/");
