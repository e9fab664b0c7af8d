import { useCallback, useMemo, useState } from "react";

/** Rows that are chosen in a list, by their ids. What leaves the list is chosen no longer. */
export function useChosen<T extends { id: string }>(rows: readonly T[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => rows.filter(({ id }) => ids.has(id)), [rows, ids]);
  if (chosen.length < ids.size) setIds(new Set(chosen.map(({ id }) => id)));
  const choose = useCallback(
    (id: string, isChosen: boolean) =>
      setIds((before) => {
        const next = new Set(before);
        if (isChosen) next.add(id);
        else next.delete(id);
        return next;
      }),
    [],
  );
  const clear = useCallback(() => setIds(new Set()), []);
  const all = useCallback((some: readonly T[]) => setIds(new Set(some.map(({ id }) => id))), []);
  return { ids, chosen, choose, clear, all };
}
