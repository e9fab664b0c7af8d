import type { AnswerChoice } from "@yingda/api/types";
import { say } from "../saying";
import { h, type Child } from "../dom";
import { pick } from "../text";
import { ui } from "../ui";

export const choose = (o: AnswerChoice) => () => say({ type: "choice", text: o.text, answer: o.id });

export const Chip = (q: AnswerChoice): Child => (
  <button class="chip" dir="auto" onClick={choose(q)}>
    {q.text}
  </button>
);
export const Chips = ({ list }: { list: readonly AnswerChoice[] }) =>
  list.length > 0 && <div class="qs">{list.slice(0, 3).map(Chip)}</div>;

/** What the site offers to be asked. */
export const siteQuestions = (): Child => (
  <Chips list={ui.site?.questions.map((q) => ({ id: q.id, text: pick(q.text) })) ?? []} />
);
