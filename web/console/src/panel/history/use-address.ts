import { useNavigate } from "@tanstack/react-router";
import type { HistorySearch } from "./search";

type Changed = (now: HistorySearch) => HistorySearch;

/** How the page's address is changed, which says all that is shown. */
export function useAddress() {
  const navigate = useNavigate();
  /** "Back" undoes it. */
  const push = (change: Changed) =>
    void navigate({ to: "/reports/history", search: (now) => change(now as HistorySearch) });
  /** "Back" leads to the page before this one. */
  const replace = (change: Changed) =>
    void navigate({ to: "/reports/history", replace: true, search: (now) => change(now as HistorySearch) });
  return {
    push,
    replace,
    toggleTable: () => replace(({ table, ...rest }) => (table ? rest : { ...rest, table: true })),
  };
}
