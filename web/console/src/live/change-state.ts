import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { AgentState } from "@yingda/api/types";
import { useProblemText } from "../lib/problem";
import { meQuery } from "../lib/session";
import { toast } from "../lib/toast";

/** The states one can choose. */
export const states: readonly AgentState[] = ["available", "busy", "break", "offline"];

export function useChangeState() {
  const text = useProblemText();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ state, reason }: { state: AgentState; reason?: string }) =>
      call("PUT", "/me/state", { body: { state, ...(reason ? { reason } : {}) } }),
    onSuccess: (next) => queryClient.setQueryData(meQuery.queryKey, next),
    onError: (error) => toast(text(error), "hot"),
  });
}
