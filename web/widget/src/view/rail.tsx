import { h } from "../dom";
import { closedText, isClosed } from "../leaving";
import "./sheet";
import { rems } from "../size";
import { pick, t } from "../text";
import { ui } from "../ui";
import { Face } from "./parts";

/** The widths in rem from which it is shown beside the chat, and from which the chat is centred on the page. */
const BESIDE = 62;
const MIDDLE = 80;

/** Sets the page's description for search engines, in its language. */
function describe(name: string): void {
  document.querySelector("meta[name=description]")?.setAttribute("content", `${name} – ${t("who.ai")}`);
}

/** Shown beside the chat on its own page: who answers here, when, and how long one waits. */
export function Rail({ waits }: { waits: string | false | undefined }) {
  const width = rems();
  const name = ui.site && pick(ui.site.name);
  if (name) describe(name);
  const beside = width >= BESIDE;
  return (
    // where there is no room for it, its heading is still the page's
    <aside class={beside ? (width >= MIDDLE ? "far" : "") : "sr"}>
      <h1 dir="auto">{name}</h1>
      {beside && [
        <h2>{t("chat.who")}</h2>,
        <p>
          <Face who="bot" />
          {t("who.ai")}
        </p>,
        <p>
          <Face who="queue" />
          {t("who.human")}
        </p>,
        ui.site && (
          <p>
            {isClosed()
              ? closedText()
              : t((ui.c.place ?? ui.site.service)?.staffed === false ? "rail.away" : "rail.open")}
          </p>
        ),
        waits && [<h2>{t("queue.title")}</h2>, <p>{waits}</p>],
      ]}
    </aside>
  );
}
