import { pressed } from "@yingda/api/keys";
import { ownerOf } from "@yingda/api/kinds";
import type { Entry, ProductCard } from "@yingda/api/types";
import { drop } from "../connection";
import { tell } from "../saying";
import { h, type Child } from "../dom";
import { pick, reason, t } from "../text";
import { draw, focusComposer, ui } from "../ui";
import type { Told } from "./lines";

/** What was said, as it is quoted, and what the customer can do with it: quote it, and take their own back. */

/** How long one's own message can be taken back, in milliseconds; the server decides. */
const RECALL_WITHIN = 120_000;
/** How long a finger rests on a message until its buttons are there, in milliseconds; less than what the browser needs to select its words. */
const HELD = 450;

/** the number of the message whose buttons are there */
let open = 0;
/** the conversation whose message is to be quoted */
let quotedIn: string | null;
let holding: ReturnType<typeof setTimeout>;

/** The number of the message around an element; 0 if there is none, or if it is still being sent. */
const around = (element: EventTarget | null): number =>
  (element instanceof Element && Number(element.closest<HTMLElement>("[data-n]")?.dataset.n)) || 0;
function show(seq: number): void {
  if (open !== seq) draw();
  open = seq;
}
// They are there for what is pointed at, has the focus, or is touched for a while; arrow keys lead from message to message, and Tab to the buttons.
addEventListener("focusin", (e) => show(around(e.target)));
// A mouse that rests points at nothing, whatever scrolls below it.
addEventListener(
  "pointermove",
  (e) => e.pointerType === "mouse" && show(around(e.target) || around(document.activeElement)),
);
addEventListener("pointerdown", (e) => {
  const seq = around(e.target);
  if (seq !== open) show(0);
  clearTimeout(holding);
  holding = setTimeout(show, HELD, seq);
});
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => clearTimeout(holding));

function quote(seq?: number): void {
  ui.quote = seq;
  quotedIn = ui.c.id;
  focusComposer();
  draw();
}
addEventListener(
  "keydown",
  (e) => {
    if (pressed(e) === "Escape" && ui.quote) {
      e.stopImmediatePropagation();
      quote();
    }
  },
  true,
);

const find = (seq?: number): Entry | undefined => ui.c.entries.find((e) => e.seq === seq);

/** What stands for words that are nobody's to read any more. */
const lost = (gone: Entry["gone"]): string => t(gone === "recalled" ? "gone.recalled" : "gone.erased");

/** What a message says now, or the name of what it shows. */
function words(of?: Entry): string {
  const { text, file, product } = (of?.body ?? {}) as {
    text?: string;
    file?: { name: string };
    product?: ProductCard;
  };
  return text ?? file?.name ?? (product ? pick(product.name) : of ? lost(of.gone) : t("chat.more"));
}

function goTo(seq: number): void {
  document.querySelector<HTMLElement>(`[data-n="${seq}"]`)?.focus();
}

/** Above a message: what it quotes, as it reads now, and that it was corrected; or that its words are gone. A press goes to what is quoted. */
export function said({ gone }: Partial<Entry>, told: Told): Child {
  if (!told) return <em>{lost(gone)}</em>;
  const { quote, corrected_at: corrected, hidden_numbers: hidden } = told;
  return [
    quote !== undefined && (
      <button class="quote" dir="auto" onClick={() => goTo(quote)}>
        {words(find(quote))}
      </button>
    ),
    corrected && <small class="t2">{t("chat.edited")}</small>,
    hidden && <small class="t2">{t("chat.hidden")}</small>,
  ];
}

/** Below a message: why it was not taken back; and what can be done with it, as long as it can be. */
export function acts(e: Entry): Child {
  const { seq } = e;
  const { id, pending, state } = ui.c;
  const back = pending.find(
    ({ body, conversation }) => body.type === "recall" && body.of === seq && conversation === id,
  );
  const code = back?.code;
  return (
    e.body && [
      code && (
        <div class="tick failed" role="alert">
          {t("own.kept", { why: /late|ended|closed/.test(code) ? t("own.late") : reason(code) })}
          <button class="quiet" onClick={() => drop(back.client_id)}>
            {t("consent.done")}
          </button>
        </div>
      ),
      open === seq && ownerOf(state) !== "none" && !ui.leaving && (
        <div class="row acts" aria-live="off">
          <button class="chip" onClick={() => quote(seq)}>
            {t("own.quote")}
          </button>
          {e.by.kind === "customer" && Date.now() - e.at < RECALL_WITHIN && (
            <button
              class="chip"
              disabled={!!back}
              onClick={({ currentTarget }) => {
                tell({ type: "recall", of: seq });
                currentTarget.closest("article")?.focus();
              }}
            >
              {t("own.recall")}
            </button>
          )}
        </div>
      ),
    ]
  );
}

/** Above the composer: what the next message will quote, as long as it has words. */
export function Strip(): Child {
  const of = find(ui.quote);
  if (!of?.body || quotedIn !== ui.c.id || ui.c.state === "closed") return void (ui.quote = undefined);
  return (
    <div class="row quoting" role="status">
      <span class="sr">{t("own.quote")}</span>
      <span class="quote grow" dir="auto">
        {words(of)}
      </span>
      <button class="tool" aria-label={t("own.drop")} onClick={() => quote()}>
        ×
      </button>
    </div>
  );
}
