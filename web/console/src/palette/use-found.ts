import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { usePrefs } from "../lib/prefs";
import { receiver } from "../lib/receiver";
import { useMe } from "../lib/session";
import { useStore } from "../lib/store";
import { usePaused } from "../lib/use-paused";
import { mayOpen, pages } from "../shell/areas";
import type { Found, Search } from "../shell/found";
import type { Group, Item } from "./item";
import { matching, ranked } from "./match";
import { readPicked } from "./recent";
import { searches } from "./searches";
import { useOwn } from "./use-own";

/** How many results of a search are shown. */
const shownOfEach = 5;

/** What fits the words, in groups: what can be picked without asking the server, and what its searches find. */
export function useFound(wanted: string, onDialog: (name: "settings" | "keys") => void) {
  const me = useMe();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const asked = usePaused(wanted);
  const receives = useStore(receiver);
  const { ownPages, ownActs } = useOwn(onDialog);
  const open = searches.filter(({ needs }) => needs.length === 0 || needs.some((one) => me.permissions.includes(one)));
  const results = useQueries({
    queries: open.map((search) => ({
      queryKey: ["palette", search.id, asked, language],
      queryFn: ({ signal }: { signal: AbortSignal }) => search.find(asked, { language, signal }),
      enabled: asked !== "",
      retry: false,
      staleTime: 0,
    })),
  });
  /** What was found, as something to pick; nothing where this member can neither open nor use it. */
  const itemsOf = (search: Search, found: Found): Item[] => {
    const id = `${search.id}:${found.id}`;
    const { use, ...shown } = found;
    const used = use && receives?.takes(use) ? { kind: use.kind, run: () => void receives.put(use) } : undefined;
    const page = pages.find(({ to }) => to === found.at.to);
    const opens = page !== undefined && mayOpen(me, page);
    if (!opens && !used) return [];
    const show = () => void navigate({ to: found.at.to, search: found.at.search as Record<string, never> });
    const item: Item = {
      id,
      icon: search.icon,
      title: found.title,
      note: found.note,
      also: "",
      picked: { id, search: search.id, found: shown },
      run: opens || !used ? show : used.run,
      ...(used ? { use: used } : {}),
    };
    return [item];
  };
  const last = useMemo(() => readPicked(me), [me]);
  const picked = last.flatMap(({ id, search: by, found }) => {
    const search = open.find((one) => one.id === by);
    return search && found ? itemsOf(search, found) : [...ownPages, ...ownActs].filter((one) => one.id === id);
  });
  const groups: Group[] = (
    wanted === ""
      ? [
          { id: "last", items: picked },
          { id: "pages", items: ownPages.filter(({ id }) => !picked.some((one) => one.id === id)) },
        ]
      : [
          { id: "pages", ...matching(wanted, ownPages) },
          { id: "acts", ...matching(wanted, ownActs) },
          ...open.map((search, index) => ({
            id: search.id,
            // Until these words have been asked for, the results are those of other words.
            ...ranked(
              wanted,
              (asked === wanted ? (results[index]?.data ?? []) : []).flatMap((found) => itemsOf(search, found)),
              shownOfEach,
            ),
          })),
        ].sort((a, b) => (a.best === b.best ? 0 : a.best - b.best))
  ).filter(({ items }) => items.length > 0);
  return {
    groups,
    /** The searches this member may use, and those of them that failed. */
    open,
    failed: wanted === "" ? [] : open.filter((_, index) => results[index]?.isError),
    failure: results.find(({ isError }) => isError),
    again: () => {
      for (const result of results) if (result.isError) void result.refetch();
    },
    searching: wanted !== "" && (asked !== wanted || results.some(({ isFetching }) => isFetching)),
  };
}
