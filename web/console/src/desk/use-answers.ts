import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer } from "@yingda/api/operations";
import { usePaused } from "../lib/use-paused";

/** A published answer, in the customer's language. */
export type PublishedAnswer = Answer<"GET", "/knowledge/answers">["items"][number];
/** A product on sale, whose card can be sent. */
export type OnSale = Answer<"GET", "/goods">["items"][number];

/** How many goods are offered. */
const shownGoods = 4;

/** What the bot would answer to a question, in the customer's language, and goods with these words if cards may be sent; `question` is `null` while none is asked. */
export function useAnswers(question: string | null, lang: string, sendsCards: boolean) {
  const wanted = question ?? "";
  const q = usePaused(wanted);
  const asks = question !== null && q !== "";
  const answers = useQuery({
    queryKey: ["knowledge", "answers", q, lang],
    queryFn: ({ signal }) =>
      call("GET", "/knowledge/answers", { query: { q, lang: /^en/i.test(lang) ? "en" : "zh-CN" }, signal }),
    enabled: asks,
    retry: false,
  });
  const goods = useQuery({
    queryKey: ["goods", "on-sale", q],
    queryFn: ({ signal }) => call("GET", "/goods", { query: { q, state: "live" }, signal }),
    enabled: asks && sendsCards,
    retry: false,
  });
  const found =
    q === wanted
      ? ([answers.data?.items ?? [], sendsCards ? (goods.data?.items ?? []).slice(0, shownGoods) : []] as const)
      : null;
  const isDone = found !== null && !answers.isPending && !(sendsCards && goods.isPending);
  return {
    answers: found?.[0] ?? none,
    goods: found?.[1] ?? none,
    searching: wanted !== "" && !answers.isError && !isDone,
    failed: answers.isError,
  };
}

const none: never[] = [];
