import { i18next } from "./i18n";
import { isProblem } from "./problem";
import { reload } from "./reload";
import { toast } from "./toast";

/** Says why a part of the console could not be loaded; it, or a newer version of the console, is a press away. */
export function tellMissing(error: unknown, again?: () => void) {
  if (isProblem(error, "network"))
    toast(
      i18next.t("failure:code.network"),
      "hot",
      again ? { word: i18next.t("shell:failure.again"), run: again } : null,
    );
  else toast(i18next.t("failure:code.reload"), "hot", { word: i18next.t("desk:foot.reload"), run: reload });
}
