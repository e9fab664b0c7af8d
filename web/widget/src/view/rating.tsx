import { typedScore } from "@yingda/api/typed-score";
import { say } from "../saying";
import { h, type Child } from "../dom";
import { Button, scores } from "./sheet";
import { t } from "../text";
import { draw, focusComposer, ui } from "../ui";

const radio = (name: string, value: number, label: Child, required = false): Child => (
  <label class="btn s">
    <input class="sr" type="radio" name={name} value={value} required={required} />
    {label}
  </label>
);

/** A sheet below the log, never over it. Nothing is preselected; skipping is as easy as rating. */
export function Rating() {
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
        say({
          type: "rate",
          score: Number(form.get("score")),
          ...(comment ? { comment } : {}),
          ...(solved ? { solved: solved === "1" } : {}),
        });
      }}
    >
      <fieldset class="row">
        <legend>{t("rate.solved")}</legend>
        {radio("solved", 1, t("rate.yes"))}
        {radio("solved", 0, t("rate.no"))}
      </fieldset>
      <fieldset class="row stars">
        <legend>{t("rate.how")}</legend>
        {scores().map((word, i) => radio("score", i + 1, ui.elder ? word : [i + 1, <small>{word}</small>], true))}
      </fieldset>
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
          const score = form?.querySelector<HTMLInputElement>(`[name=score][value="${typedScore(value)}"]`);
          if (score) score.checked = true;
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
