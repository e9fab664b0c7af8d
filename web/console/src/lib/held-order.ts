/** A group of a list and the ids of its rows, in order. */
export interface Line {
  key: string;
  ids: readonly string[];
}

const same = (one: readonly Line[], other: readonly Line[]) =>
  one.length === other.length &&
  one.every(
    (line, at) =>
      line.key === other[at]?.key &&
      line.ids.length === other[at].ids.length &&
      line.ids.every((id, n) => id === other[at]?.ids[n]),
  );

/** The position of each row, counting group headings; a group without rows has no heading. */
function places(lines: readonly Line[]): Map<string, number> {
  const found = new Map<string, number>();
  let at = 0;
  for (const { ids } of lines) {
    if (ids.length === 0) continue;
    at += 1;
    for (const id of ids) found.set(id, at++);
  }
  return found;
}

/** The row being worked on stays in its group, below the rows it was below, until it is left. */
function keep(fresh: readonly Line[], before: readonly Line[], id: string): readonly Line[] {
  const home = before.find((line) => line.ids.includes(id));
  if (!home || !fresh.some((line) => line.ids.includes(id))) return fresh;
  const above = home.ids.slice(0, home.ids.indexOf(id));
  const without = fresh.map((line) => ({ ...line, ids: line.ids.filter((other) => other !== id) }));
  return without.map((line) => {
    if (line.key !== home.key) return line;
    const at = line.ids.findLastIndex((other) => above.includes(other)) + 1;
    return { ...line, ids: [...line.ids.slice(0, at), id, ...line.ids.slice(at)] };
  });
}

/**
 * How to show a list whose rows appear, disappear and change position. `pinned` is being worked on and keeps its position. `aimed` are rows that are hovered or
 * focused: while the new order would move one of them, the old order is kept; removed rows remain in it, and new ones are counted.
 */
export function holdOrder(
  fresh: readonly Line[],
  before: readonly Line[] | null,
  { pinned, aimed }: { pinned: string | null; aimed: readonly string[] },
): { lines: readonly Line[]; held: boolean; news: number } {
  if (before === null) return { lines: fresh, held: false, news: 0 };
  const wanted = pinned === null ? fresh : keep(fresh, before, pinned);
  const [then, now] = [places(before), places(wanted)];
  const held = aimed.some((id) => then.has(id) && then.get(id) !== now.get(id));
  if (!held) return { lines: same(wanted, before) ? before : wanted, held, news: 0 };
  const groupOf = (lines: readonly Line[], id: string) => lines.find((line) => line.ids.includes(id))?.key;
  const first = fresh[0];
  const news = fresh
    .flatMap((line) => line.ids)
    .filter((id) => !then.has(id) || (id !== pinned && first?.ids.includes(id) && groupOf(before, id) !== first.key));
  return { lines: before, held, news: news.length };
}
