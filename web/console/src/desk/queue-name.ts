import { useQuery } from "@tanstack/react-query";
import type { Bilingual } from "@yingda/api/types";
import { useCallback } from "react";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { queues } from "../lib/directory";

export type QueueName = (said: string) => string;

/** A conversation's entries name its queue in the customer's language; staff see the name in theirs. */
export function useQueueName(): QueueName {
  const { language } = usePrefs();
  const { data } = useQuery(queues);
  return useCallback(
    (said) => {
      const known: Bilingual | undefined = data?.items.find(({ name }) => name.zh === said || name.en === said)?.name;
      return say(known ?? said, language);
    },
    [data, language],
  );
}
