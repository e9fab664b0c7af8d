import type { KnowledgeOverview } from "@yingda/api/types";
import { useCallback, useEffect, useRef, useState } from "react";
import { useProblemText } from "../lib/problem";
import { isFresh } from "./check-card";
import { useCheck } from "./queries";

/** The check of this draft: it starts by itself if there is none, until the draft is published. */
export function useCheckOfDraft(now: KnowledgeOverview, published: boolean) {
  const text = useProblemText();
  const { mutate: check, isPending: checking } = useCheck();
  const problem = useRef(text);
  useEffect(() => {
    problem.current = text;
  });
  /** Why the check could not be started. */
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef("");
  const fresh = isFresh(now);
  const running = now.run?.state === "running";
  const [begun, setBegun] = useState(false);
  const begin = useCallback(
    () =>
      check(undefined, {
        onError: (error) => setFault(problem.current(error)),
        onSuccess: () => setFault(null),
        onSettled: () => setBegun(true),
      }),
    [check],
  );
  // A check that was interrupted, or could not be started, is not waited for.
  const broken = !fresh && !running && !checking && (fault !== null || (now.run?.state === "failed" && begun));

  useEffect(() => {
    const of = `${now.revision}.${now.version}`;
    if (now.tests === 0 || fresh || running || published || asked.current === of) return;
    asked.current = of;
    begin();
  }, [now, fresh, running, published, begin]);
  return { fresh, running, broken, fault, begin };
}
