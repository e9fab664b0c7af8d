import { usePrefs } from "../lib/prefs";
import { useWide, useWidth } from "../lib/use-wide";
import type { Area } from "./areas";

/** How the second level is shown: as a column of names or of icons, or above the page where there is no room beside it. It is the same for all pages of an area. */
export type SecondForm = "names" | "icons" | "above";

export function useSecondForm(area: Area | null): SecondForm {
  const { secondNames } = usePrefs();
  const wide = useWide();
  const roomy = useWidth(104);
  if (!wide) return "above";
  return (secondNames ?? (roomy || !area?.isWide)) ? "names" : "icons";
}
