import {
  useMutation,
  useQueryClient,
  type InvalidateQueryFilters,
  type QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isProblem, useProblemText } from "./problem";
import { readAgain } from "./read-again";
import { toast } from "./toast";

export interface ChangeOptions<T, R> {
  /** stores in the cache what the answer already contains */
  known?: (client: QueryClient, answer: R, input: T) => void;
  /** whether the change counts as finished only when the pages show it (the default), or when the server has done it: useful if much is refetched */
  waits?: boolean;
}

/**
 * Changes something, then refetches visible queries below these keys or matching these filters.
 * After a refusal, these are refetched too: a change is often refused because the data shown is old.
 */
export function useChange<T, R>(
  keys: readonly (QueryKey | InvalidateQueryFilters)[],
  mutationFn: (input: T) => Promise<R>,
  { known, waits = true }: ChangeOptions<T, R> = {},
) {
  const client = useQueryClient();
  const stale = () =>
    Promise.all(keys.map((key) => readAgain(client, "queryKey" in key ? key : { queryKey: key as QueryKey })));
  return useMutation({
    mutationFn,
    onSuccess: (answer, input) => {
      known?.(client, answer, input);
      const renewed = stale();
      return waits ? renewed : undefined;
    },
    onError: () => void stale(),
  });
}

/** Says why something was refused, with a text of its own if someone else was faster. */
export function useRefused(): (error: unknown) => void {
  const { t } = useTranslation("shell");
  const text = useProblemText();
  return (error) => toast(isProblem(error, "conflict") ? t("changed_meanwhile") : text(error), "hot");
}

/** Says what was done and offers to undo it for a while; then says that it was undone, or why not. */
export function useUndo(): (told: string, back: () => Promise<unknown>) => void {
  const { t } = useTranslation("shell");
  const refused = useRefused();
  return (told, back) =>
    toast(told, "plain", { word: t("undo"), run: () => void back().then(() => toast(t("undone")), refused) });
}
