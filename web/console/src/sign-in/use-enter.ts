import { home } from "@yingda/api/home";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { Me, SecondStepAsked } from "@yingda/api/types";
import { forgetPerson, meQuery } from "../lib/session";

/** Whether the first step was right and a second one is asked for. */
export const isAsked = (answer: Me | SecondStepAsked): answer is SecondStepAsked => "token" in answer;

/** Opens the console for who has signed in, at the page that was wanted. */
export function useEnter(): (me: Me, next?: string) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (me, next) => {
    forgetPerson(queryClient);
    queryClient.setQueryData(meQuery.queryKey, me);
    if (next) router.history.replace(`${home}/console${next}`);
    else await router.navigate({ to: "/", replace: true });
  };
}
