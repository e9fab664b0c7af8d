import type { Bilingual, RecommendedItem } from "@yingda/api/types";
import { say } from "../app";
import type { Address } from "../ask";
import { h, type Child } from "../dom";
import { siteKey, token } from "../session";
import { pick, t } from "../text";
import { draw } from "../ui";

/** what was asked about last, what is recommended beside it, and whether that was refused */
let about = "";
let list: readonly RecommendedItem[] = [];
let refused = false;

/** Without an answer, nothing is missing. */
async function send(path: string, known: (answer: { items: RecommendedItem[] }) => void, body?: string): Promise<void> {
  try {
    const headers = { Authorization: `Bearer ${await token(false)}`, "Content-Type": "application/json" };
    const r = await fetch(`/api/v1/${path}` as Address, body ? { method: "PUT", headers, body } : { headers });
    if (r.ok) known(await r.json());
    draw();
  } catch {
    return;
  }
}

const load = (id: string) =>
  send(
    `sites/${encodeURIComponent(siteKey())}/recommendations?place=answer&about=${encodeURIComponent(id)}`,
    (found) => {
      if (about === id) list = found.items;
    },
  );
const refuse = () =>
  send(
    "widget/recommendations",
    () => {
      refused = true;
    },
    '{"wanted":false}',
  );

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
