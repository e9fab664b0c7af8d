import { check } from "@yingda/tokens/icons.ts";
import { tell } from "../saying";
import { h, type Child } from "../dom";
import { t } from "../text";
import { ui } from "../ui";
import { judgements } from "./lines";
import { Icon } from "./parts";
import "./sheet";

export { Rating } from "./rating";

/** a thumb; the style sheet turns that of `no` down */
const THUMB = "M7 11l4-7.5c1.6 0 2.4 1 2.2 2.5L12.7 9.5H18a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7zM3.5 11H7v8.5H3.5z";

/** Below an answer: whether it helped. It can be changed once, and only for the last answer. */
export function Judge({ answer, open }: { answer: number; open: boolean }): Child {
  const said = judgements(ui.c, answer);
  const last = said.at(-1);
  // a tick would say that it is clear: only where it is
  const mark = (helpful: boolean) => [
    <Icon d={helpful && last ? check : THUMB} />,
    " ",
    t(helpful ? "judge.yes" : "judge.no"),
  ];
  return open ? (
    <div class="qs" role="group" aria-label={t("judge.ask")}>
      <span class="t2" aria-hidden="true">
        {t("judge.ask")}
      </span>
      {[true, false].map((helpful) => (
        <button
          class={helpful ? "chip" : "chip no"}
          aria-pressed={last === helpful}
          disabled={last !== helpful && said[1] !== undefined}
          onClick={() => last !== helpful && tell({ type: "judge_answer", answer, helpful })}
        >
          {mark(helpful)}
        </button>
      ))}
    </div>
  ) : (
    last !== undefined && <div class={last ? "qs t2" : "qs t2 no"}>{mark(last)}</div>
  );
}
