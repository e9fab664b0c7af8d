import type { Bilingual, RecommendedItem } from "@yingda/api/types";
import { say } from "../app";
import type { Address } from "../ask";
import { askAsVisitor } from "../ask-as-visitor";
import { h, type Child } from "../dom";
import { siteKey } from "../session";
import { pick, t } from "../text";
import { draw } from "../ui";

/** what was asked about last, what is recommended beside it, and whether that was refused */
let about = "";
let list: readonly RecommendedItem[] = [];
let refused = false;

/** Without an answer, nothing is missing. */
const load = async (id: string) => {
  const query = `place=answer&about=${encodeURIComponent(id)}` as const;
  const site = encodeURIComponent(siteKey());
  const found = await askAsVisitor<{ items: RecommendedItem[] }>(`/api/v1/sites/${site}/recommendations?${query}`);
  if (found && about === id) list = found.items;
  draw();
};
const refuse = async () => {
  refused = !!(await askAsVisitor("/api/v1/widget/recommendations" as Address, JSON.stringify({ wanted: false })));
  draw();
};

/** Below an answer about a product or a plan: what others also asked about, with the reason of each, and the way to stop it. */
export function Line({ of }: { of: string }): Child {
  if (refused) return <p class="meta">{t("rec.refused")}</p>;
  if (about !== of) {
    about = of;
    list = [];
    void load(of);
  }
  return (
    list.length > 0 && (
      <div class="qs">
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
            {pick(name)}{" "}
            <small>
              {t(reason.type === "because_of" ? "rec.because_of" : "rec.also", {
                of: pick((reason as { of: Bilingual }).of),
              })}
            </small>
          </button>
        ))}
        <button class="chip meta" onClick={() => void refuse()}>
          {t("rec.refuse")}
        </button>
      </div>
    )
  );
}
