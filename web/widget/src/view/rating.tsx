import { isGood } from "@yingda/api/rating";
import { typedScore } from "@yingda/api/typed-score";
import { say } from "../saying";
import { h, type Child } from "../dom";
import { Button, scores } from "./sheet";
import { pick, t } from "../text";
import { draw, focusComposer, ui } from "../ui";

const radio = (name: string, value: number, label: Child, required = false): Child => (
  <label class="btn s">
    <input class="sr" type="radio" name={name} value={value} required={required} />
    {label}
  </label>
);

/** The score that is chosen, and after which end: the reasons fit it. */
let chosen = { score: 0, end: 0 };
const ends = () => ui.c.entries.filter((e) => e.kind === "resolved").length;
function choose(score: number): void {
  chosen = { score, end: ends() };
  draw();
}

/** A sheet below the log, never over it. Nothing is preselected; skipping is as easy as rating. */
export function Rating() {
  const score = chosen.end === ends() ? chosen.score : 0;
  const reasons = score
    ? (ui.site?.service?.rating_reasons ?? []).filter((one) => one.is_praise === isGood(score))
    : [];
  return (
    <form
      class="sheet"
      onSubmit={(e) => {
        e.preventDefault();
        const form = new FormData(e.currentTarget);
        const words = String(form.get("comment")).trim();
        // What only says the rating is no comment.
        const comment = typedScore(words) ? "" : words;
        const solved = form.get("solved");
        const why = form.getAll("reason").map(String);
        say({
          type: "rate",
          score: Number(form.get("score")),
          ...(comment ? { comment } : {}),
          ...(solved ? { solved: solved === "1" } : {}),
          ...(why.length ? { reasons: why } : {}),
        });
      }}
    >
      <fieldset class="row">
        <legend>{t("rate.solved")}</legend>
        {radio("solved", 1, t("rate.yes"))}
        {radio("solved", 0, t("rate.no"))}
      </fieldset>
      <fieldset class="row stars" onChange={(e) => choose(Number((e.target as HTMLInputElement).value))}>
        <legend>{t("rate.how")}</legend>
        {scores().map((word, i) => radio("score", i + 1, ui.elder ? word : [i + 1, <small>{word}</small>], true))}
      </fieldset>
      {reasons.length > 0 && (
        <fieldset class="row why">
          <legend>{t("rate.why")}</legend>
          {reasons.map(({ id, name }) => (
            <label key={id} class="btn s">
              <input class="sr" type="checkbox" name="reason" value={id} />
              <bdi>{pick(name)}</bdi>
            </label>
          ))}
        </fieldset>
      )}
      <textarea
        class="say"
        id="write"
        name="comment"
        rows={1}
        dir="auto"
        maxLength={2000}
        placeholder={t("rate.comment")}
        aria-label={t("rate.comment")}
        onInput={({ currentTarget: { form, value } }) => {
          const typed = typedScore(value);
          const star = form?.querySelector<HTMLInputElement>(`[name=score][value="${typed}"]`);
          if (!typed || !star) return;
          star.checked = true;
          choose(typed);
        }}
      />
      <div class="row">
        <Button
          press={() => {
            ui.skipped = true;
            draw();
            queueMicrotask(focusComposer);
          }}
        >
          {t("rate.skip")}
        </Button>
        <button class="btn p rate">{t("rate.send")}</button>
      </div>
    </form>
  );
}
