import { h } from "../dom";
import { draw, say, ui } from "../app";
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
  if (ui.skipped === id || episode.some((e) => e.kind === "rated") || !episode.some((e) => e.kind === "message")) return null;
  return id;
}

function pick(score: number): void {
  ui.rate.score = score;
  draw();
}

function arrows(e: KeyboardEvent): void {
  const step = /Right|Down/.test(e.key) ? 1 : /Left|Up/.test(e.key) ? -1 : 0;
  if (!step || !e.key.startsWith("Arrow")) return;
  e.preventDefault();
  pick(Math.min(5, Math.max(1, ui.rate.score + step)));
  (e.currentTarget as HTMLElement).querySelectorAll("button")[ui.rate.score - 1]?.focus();
}

export function Rating({ episode }: { episode: string }) {
  const { rate } = ui;
  const skip = () => {
    ui.skipped = episode;
    draw();
  };
  const solved = (value: boolean) => () => {
    rate.solved = value;
    draw();
  };
  return (
    <form
      class="sheet"
      onSubmit={(e) => {
        e.preventDefault();
        if (!rate.score) return;
        const comment = rate.comment.trim();
        say({ type: "rate", score: rate.score, ...(comment ? { comment } : {}), ...(rate.solved === undefined ? {} : { solved: rate.solved }) });
      }}
    >
      <b>{t("rate.solved")}</b>
      <div class="row">
        <Button kind="s" pressed={rate.solved === true} press={solved(true)}>
          {t("rate.yes")}
        </Button>
        <Button kind="s" pressed={rate.solved === false} press={solved(false)}>
          {t("rate.no")}
        </Button>
      </div>
      <b id="how">{t("rate.how")}</b>
      <div class="stars" role="radiogroup" aria-labelledby="how" onKeyDown={arrows}>
        {SCORES.map((key, i) => {
          const n = i + 1;
          const word = t(key);
          return (
            <button type="button" role="radio" aria-checked={rate.score === n} aria-label={t("rate.label", { n, word })} tabIndex={n === (rate.score || 1) ? 0 : -1} onClick={() => pick(n)}>
              {n}
              <small>{word}</small>
            </button>
          );
        })}
      </div>
      {rate.score > 0 && (
        <textarea class="say" rows={2} maxLength={1000} placeholder={t("rate.comment")} aria-label={t("rate.comment")} value={rate.comment} onInput={(e) => (rate.comment = e.currentTarget.value)} />
      )}
      <div class="row">
        <Button press={skip}>{t("rate.skip")}</Button>
        <button class="btn p" disabled={!rate.score}>
          {t("rate.send")}
        </button>
      </div>
    </form>
  );
}
