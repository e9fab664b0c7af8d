import { draw, say, ui } from "../app";
import { h, type Child } from "../dom";
import { t, type Key } from "../text";
import { Button } from "./parts";

export const SCORES: readonly Key[] = ["rate.1", "rate.2", "rate.3", "rate.4", "rate.5"];

/** Which episode waits for its rating, or null. */
export function unrated(): string | null {
  const { c } = ui;
  if (c.state !== "resolved" || c.pending.some((p) => p.body.type === "rate" && !p.code)) return null;
  const since = c.entries.map((e) => e.kind === "opened" || e.kind === "reopened").lastIndexOf(true);
  const episode = c.entries.slice(since + 1);
  const id = `${c.id}/${c.episode}`;
  return ui.skipped === id || episode.some((e) => e.kind === "rated") || !episode.some((e) => e.kind === "message") ? null : id;
}

const radio = (name: string, value: number, label: Child, required = false): Child => (
  <label class="btn s">
    <input class="sr" type="radio" name={name} value={value} required={required} />
    {label}
  </label>
);

/** A sheet below the log, never over it. Nothing is chosen beforehand; skipping is as easy as rating. */
export function Rating({ episode }: { episode: string }) {
  return (
    <form
      class="sheet"
      onSubmit={(e) => {
        e.preventDefault();
        const form = new FormData(e.currentTarget);
        const comment = String(form.get("comment")).trim();
        const solved = form.get("solved");
        say({ type: "rate", score: Number(form.get("score")), ...(comment ? { comment } : {}), ...(solved ? { solved: solved === "1" } : {}) });
      }}
    >
      <fieldset class="row">
        <legend>{t("rate.solved")}</legend>
        {radio("solved", 1, t("rate.yes"))}
        {radio("solved", 0, t("rate.no"))}
      </fieldset>
      <fieldset class="row stars">
        <legend>{t("rate.how")}</legend>
        {SCORES.map((key, i) => radio("score", i + 1, [i + 1, <small>{t(key)}</small>], true))}
      </fieldset>
      <textarea class="say" id="write" name="comment" rows={1} maxLength={2000} placeholder={t("rate.comment")} aria-label={t("rate.comment")} />
      <div class="row">
        <Button
          press={() => {
            ui.skipped = episode;
            draw();
          }}
        >
          {t("rate.skip")}
        </Button>
        <button class="btn p">{t("rate.send")}</button>
      </div>
    </form>
  );
}
