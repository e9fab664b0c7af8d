import { check } from "@yingda/tokens/icons.ts";
import { judge } from "../app";
import { h, type Child } from "../dom";
import { t } from "../text";
import { ui } from "../ui";
import { Icon } from "./parts";

/** What the customer said about the answer with this ordinal, oldest first, including what is still being sent. */
export const judgements = (answer: number): boolean[] =>
  [...ui.c.entries, ...ui.c.pending].flatMap(({ body }) =>
    body && "helpful" in body && body.answer === answer ? [body.helpful] : [],
  );

/** Below an answer: whether it helped. It can be changed once, and only for the last answer. */
export function Judge({ answer, open }: { answer: number; open: boolean }): Child {
  const said = judgements(answer);
  const last = said.at(-1);
  const mark = (helpful: boolean) => [last === helpful && <Icon d={check} />, t(helpful ? "judge.yes" : "judge.no")];
  return open ? (
    <div class="qs" role="group" aria-label={t("judge.ask")}>
      {[true, false].map((helpful) => (
        <button
          class="chip"
          aria-pressed={last === helpful}
          disabled={last !== helpful && said[1] !== undefined}
          onClick={() => last !== helpful && judge(answer, helpful)}
        >
          {mark(helpful)}
        </button>
      ))}
    </div>
  ) : (
    last !== undefined && <div class="qs t2">{mark(last)}</div>
  );
}
