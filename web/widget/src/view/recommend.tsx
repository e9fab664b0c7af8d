import { home } from "@yingda/api/home";
import { bare } from "@yingda/api/direction";
import { askable } from "@yingda/api/measures";
import { onWanted, tellWanted } from "@yingda/api/recommending";
import type { AnswerChoice, Bilingual, RecommendedItem } from "@yingda/api/types";
import { say } from "../saying";
import { sayText } from "../writing";
import type { Address } from "../ask";
import { askAsVisitor } from "../ask-as-visitor";
import { h, type Child } from "../dom";
import { isOurs } from "../host";
import { siteKey } from "../session";
import { lang, pick, t } from "../text";
import { draw, ui, type Looked } from "../ui";
import { Chip, Chips, siteQuestions } from "./chips";
import "./sheet";

export { Card, Item } from "./consent";

/** what is recommended beside `ui.about`; not known until it is loaded */
let list: readonly RecommendedItem[] | undefined;
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
  if (ui.about === id) list = found?.items ?? [];
  draw();
};
const refuse = async (at: number) => {
  if (!(await askAsVisitor("/api/v1/widget/recommendations" satisfies Address, JSON.stringify({ wanted: false }))))
    return;
  tellWanted(false);
  stop(at);
};

/**
 * Below an answer about a product or a plan: what others also asked about, the first related question, and the way to stop it.
 * Nothing until all is known: what changes under the finger sends what was not meant.
 */
export function Line({ of, answer, related }: { of: string; answer: number; related: AnswerChoice[] }): Child {
  if (refusedAt !== answer && ui.about !== of) {
    ui.about = of;
    list = undefined;
    void load(of);
  }
  const shown = list;
  return (
    shown && [
      refusedAt === answer && (
        <p class="qs meta">
          {t("rec.refused")}
          {isOurs() && (
            <a href={`${home}/recommendations`} target="_parent">
              {t("rec.settings")}
            </a>
          )}
        </p>
      ),
      shown[0] ? (
        <div class="qs">
          <div class="meta">{t("rec.label")}</div>
          {shown.map(({ kind, id, name, reason }) => (
            <button
              class="chip"
              dir="auto"
              onClick={() =>
                say(
                  kind === "question"
                    ? { type: "choice", text: pick(name), answer: id }
                    : { type: "text", text: bare(t("rec.ask", { name: pick(name) })) },
                )
              }
            >
              {pick(name)}
              {reason.type === "because_of" && (
                <small>{t("rec.because_of", { of: pick((reason as { of: Bilingual }).of) })}</small>
              )}
            </button>
          ))}
          {related
            .filter((q) => shown.every(({ id }) => id !== q.id))
            .slice(0, 1)
            .map(Chip)}
          <button class="link" onClick={() => void refuse(answer)}>
            {t("rec.refuse")}
          </button>
        </div>
      ) : (
        <Chips list={related} />
      ),
    ]
  );
}

/** Before anything is said: what can be asked about the product being looked at, as on its page; if there is nothing, what the site is asked. */
export function About({ product }: { product: Looked }): Child {
  const labels = askable(product.attributes ?? []).map(({ label }) => pick(label));
  return labels.length ? (
    <div class="qs">
      {labels.map((label) => {
        const text = t("rec.attribute", {
          name: pick(product.name),
          label: lang === "en" ? label.toLowerCase() : label,
        });
        return (
          <button class="chip" onClick={() => sayText(text)}>
            {text}
          </button>
        );
      })}
    </div>
  ) : (
    siteQuestions()
  );
}
