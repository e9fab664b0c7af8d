import { usePrefs } from "../lib/prefs";
import { useWide, useWidth } from "../lib/use-wide";
import type { Page } from "./areas";

/** How the second level is shown: as a column of names or of icons, or above the page where there is no room beside it. What the member chose counts for all pages. */
export type SecondForm = "names" | "icons" | "above";

export function useSecondForm(page: Page | null): SecondForm {
  const { secondNames } = usePrefs();
  const wide = useWide();
  const roomy = useWidth(104);
  if (!wide) return "above";
  return (secondNames ?? (roomy || !page?.hasThreePanes)) ? "names" : "icons";
}
