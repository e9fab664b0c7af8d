import { ui } from "../app";
import { h } from "../dom";
import { wear } from "./sheet";
import { rems } from "../size";
import css from "../style/rail.css?inline";
import { pick, t } from "../text";
import { Face } from "./parts";

wear(css);

/** The widths in rem from which it stands beside the chat, and from which the chat stands in the middle of the page. */
const BESIDE = 62;
const MIDDLE = 80;

/** Beside the chat on its own page: who answers here. */
export function Rail() {
  const width = rems();
  return (
    width >= BESIDE && (
      <aside class={width >= MIDDLE ? "far" : ""}>
        <h1>{ui.site && pick(ui.site.name)}</h1>
        <h2>{t("chat.who")}</h2>
        <p>
          <Face who="bot" />
          {t("who.ai")}
        </p>
        <p>
          <Face who="queue" />
          {t("who.human")}
        </p>
      </aside>
    )
  );
}
