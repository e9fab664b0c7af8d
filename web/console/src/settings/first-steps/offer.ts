import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { choose, usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { firstSteps, type FirstSteps } from "./queries";

/** Which of the four steps are done. */
export const stepsDone = ({ site, colleagues, answers, conversations }: FirstSteps) => ({
  site: site.seen_at !== null,
  colleague: colleagues > 0,
  answers: answers > 0,
  conversation: conversations > 0,
});
export const isAllDone = (steps: FirstSteps) => Object.values(stepsDone(steps)).every((done) => done);

/** Whether the first steps are offered where they are looked for: until all are done, or somebody has enough of them. A company that has them behind it is asked once. */
export function useOffersFirstSteps(isLookedFor: boolean): boolean {
  const me = useMe();
  const { firstStepsOver } = usePrefs();
  const asks = isLookedFor && !firstStepsOver && may(me, "settings");
  const { data } = useQuery({ ...firstSteps, enabled: asks });
  const isOver = data !== undefined && isAllDone(data);
  useEffect(() => {
    if (asks && isOver) choose({ firstStepsOver: true });
  }, [asks, isOver]);
  return asks && data !== undefined && !isOver;
}
