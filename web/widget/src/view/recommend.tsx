import { onWanted, tellWanted } from "@yingda/api/recommending";
import type { Bilingual, RecommendedItem } from "@yingda/api/types";
import { say } from "../app";
import type { Address } from "../ask";
import { askAsVisitor } from "../ask-as-visitor";
import { h, type Child } from "../dom";
import { isOurs } from "../host";
import { siteKey } from "../session";
import { pick, t } from "../text";
import { draw, ui } from "../ui";
import "./sheet";

/** what is recommended beside `ui.about` */
let list: readonly RecommendedItem[] = [];
/** the answer below which it was refused */
let refusedAt = -1;

const stop = (at: number): void => {
  list = [];
  refusedAt = at;
  draw();
};
// chosen on the page around us, or in another chat
onWanted(() => {
  ui.about = "";
  stop(-1);
});

/** Without an answer, nothing is missing. */
const load = async (id: string) => {
  const query = `place=answer&about=${encodeURIComponent(id)}` as const;
  const site = encodeURIComponent(siteKey());
  const found = await askAsVisitor<{ items: RecommendedItem[] }>(`/api/v1/sites/${site}/recommendations?${query}`);
  if (found && ui.about === id) list = found.items;
  draw();
};
const refuse = async (at: number) => {
  if (!(await askAsVisitor("/api/v1/widget/recommendations" as Address, JSON.stringify({ wanted: false })))) return;
  tellWanted(false);
  stop(at);
};

/** Below an answer about a product or a plan: what others also asked about, and the way to stop it. Without any, `or`. */
export function Line({ of, answer, or }: { of: string; answer: number; or: Child }): Child {
  if (refusedAt === answer)
    return [
      <p class="qs meta">
        {t("rec.refused")}
        {isOurs() && (
          <a href="/recommendations" target="_parent">
            {t("rec.settings")}
          </a>
        )}
      </p>,
      or,
    ];
  if (ui.about !== of) {
    ui.about = of;
    list = [];
    void load(of);
  }
  return list.length > 0 ? (
    <div class="qs">
      <div class="meta">{t("rec.label")}</div>
      {list.map(({ kind, id, name, reason }) => (
        <button
          class="chip"
          onClick={() =>
            say(
              kind === "question"
                ? { type: "choice", text: pick(name), answer: id }
                : { type: "text", text: t("rec.ask", { name: pick(name) }) },
            )
          }
        >
          {pick(name)}
          {reason.type === "because_of" && (
            <small>{t("rec.because_of", { of: pick((reason as { of: Bilingual }).of) })}</small>
          )}
        </button>
      ))}
      <button class="link" onClick={() => void refuse(answer)}>
        {t("rec.refuse")}
      </button>
    </div>
  ) : (
    or
  );
}
