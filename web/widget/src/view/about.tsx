import { ownerOf } from "@yingda/api/kinds";
import type { Pending } from "@yingda/api/unsent";
import type { SendBody } from "@yingda/api/types";
import { drop } from "../connection";
import { request, say } from "../saying";
import { loadSite } from "../site";
import { h } from "../dom";
import { get, set } from "../kept";
import { Button } from "./sheet";
import { forgetTold, isTold, openAbout, rememberTold } from "./told";
import { pick, t } from "../text";
import { draw, ui } from "../ui";

export { askFirst } from "./told";

/** The longest detail that the server accepts. */
const LONGEST = 200;

/** What is chosen and written so far: the kind of question, and the details by [`fieldOf`]. */
interface Written {
  question?: string;
  details: Record<string, string>;
}

/** Kept from the first letter on, until it is sent. */
function written(): Written {
  try {
    return { details: {}, ...(JSON.parse(get("about") ?? "{}") as Partial<Written>) };
  } catch {
    return { details: {} };
  }
}
const write = (next: Written): void => {
  set("about", JSON.stringify(next));
  draw();
};

/** The name of a kind's field: two kinds, and even two fields, may have the same label. */
const fieldOf = (kind: string, n: number): string => `${kind}.${n}`;

/** Whether what was told before was refused, so that the form is open again. */
let isAgain = false;

function close(): void {
  ui.leaving = isAgain = false;
  draw();
}

/** Tells what it is about, if that is not known, closes the form and asks for a person, unless one has been asked for. */
function goOn(body?: SendBody): void {
  if (!ui.leaving) return;
  close();
  set("about", null);
  const asked = ownerOf(ui.c.state) === "queue";
  if (body) {
    say(body);
    rememberTold();
  }
  if (!asked) say(request);
}

/** The server refused what was told. Unless it knows that already, the form opens again, with what the site asks now and what was written. */
export async function onUntold({ client_id, body }: Pending, code: string): Promise<void> {
  if (body.type === "rate") {
    // the site has changed its reasons since: the rating counts without them
    if (code === "rating_reason_unknown") {
      drop(client_id);
      say({ ...body, reasons: undefined });
    }
    return;
  }
  drop(client_id);
  if (code === "already_asked_about") return rememberTold();
  forgetTold();
  await loadSite();
  const asked = ui.site?.asks_about?.questions;
  if (!asked || ui.leaving || isTold() || !/bot|queue/.test(ownerOf(ui.c.state)) || body.type !== "ask_about") return;
  const kind = asked.find((one) => one.id === body.question);
  const details: Written["details"] = {};
  for (const { label, text } of (kind && body.details) ?? []) {
    const same = kind!.details.findIndex((one) => one.label.zh === label || one.label.en === label);
    const free = kind!.details.findIndex((_, n) => !details[fieldOf(kind!.id, n)]);
    details[fieldOf(kind!.id, same < 0 ? free : same)] = text;
  }
  set("about", JSON.stringify({ question: kind?.id, details }));
  isAgain = true;
  openAbout();
}

/** What it is about and a few details, before a person is asked for; asked once in a conversation. */
export function About() {
  const asks = ui.site?.asks_about;
  if (!asks || isTold()) {
    queueMicrotask(() => goOn());
    return null;
  }
  const waits = ownerOf(ui.c.state) === "queue";
  const now = written();
  const chosen = asks.questions.find((one) => one.id === now.question);
  return (
    <form
      class="sheet"
      aria-label={t("about.title")}
      onSubmit={(e) => {
        e.preventDefault();
        if (!chosen) return;
        const given = chosen.details.map(({ label }, n) => ({
          label: label.zh || label.en,
          text: (now.details[fieldOf(chosen.id, n)] ?? "").trim(),
        }));
        goOn({ type: "ask_about", question: chosen.id, details: given.filter((one) => one.text) });
      }}
    >
      {isAgain && <p role="alert">{t("about.again")}</p>}
      <fieldset class="row">
        <legend>{t("about.title")}</legend>
        {asks.questions.map((one) => (
          <label class="btn s">
            <input
              class="sr"
              type="radio"
              name="question"
              required
              value={one.id}
              checked={one.id === now.question}
              onChange={() => write({ ...now, question: one.id })}
            />
            <bdi>{pick(one.name)}</bdi>
          </label>
        ))}
      </fieldset>
      {chosen?.details.map(({ label, required }, n) => (
        <label class="field" key={fieldOf(chosen.id, n)}>
          <span>
            <bdi>{pick(label)}</bdi>
            {!required && t("about.optional")}
          </span>
          <input
            class="say"
            dir="auto"
            maxLength={LONGEST}
            required={required}
            value={now.details[fieldOf(chosen.id, n)] ?? ""}
            onInput={(e) =>
              write({ ...now, details: { ...now.details, [fieldOf(chosen.id, n)]: e.currentTarget.value } })
            }
          />
        </label>
      ))}
      <div class="row">
        <Button press={close}>{t(waits ? "chat.close" : "about.back")}</Button>
        {asks.may_skip && <Button press={() => goOn({ type: "ask_about" })}>{t("about.skip")}</Button>}
        <button class="btn p">{t(waits ? "about.send" : "about.go")}</button>
      </div>
    </form>
  );
}
