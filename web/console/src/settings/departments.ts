import type { Department } from "@yingda/api/types";

/** A department in its place in the tree. */
export interface Placed {
  department: Department;
  /** How far down it is; 1 is the top. */
  level: number;
  /** The names from the top to it. */
  path: readonly string[];
}

/** The departments as a tree that is read from above; each stands below the one it is part of. */
export function inOrder(all: readonly Department[]): readonly Placed[] {
  const below = new Map<string | null, Department[]>();
  const known = new Set(all.map(({ id }) => id));
  for (const one of all) {
    // One whose parent was deleted a moment ago is shown at the top until the list is read again.
    const parent = one.parent !== null && known.has(one.parent) ? one.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), one]);
  }
  const walk = (parent: string | null, above: readonly string[]): Placed[] =>
    (below.get(parent) ?? []).flatMap((department) => {
      const path = [...above, department.name];
      return [{ department, level: path.length, path }, ...walk(department.id, path)];
    });
  return walk(null, []);
}

/** A department with everything below it, which it cannot become part of. */
export function withBelow(all: readonly Department[], id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (const { department } of inOrder(all))
    if (department.parent !== null && found.has(department.parent)) found.add(department.id);
  return found;
}

/** How many people belong to a department or to one below it, as many as the list of people shows for it. */
export function membersIn(all: readonly Department[], id: string): number {
  const among = withBelow(all, id);
  return all.reduce((sum, one) => sum + (among.has(one.id) ? one.members : 0), 0);
}

/** The names from the top to a department, as one line; none if it is not known. */
export const pathOf = (placed: readonly Placed[], id: string | null): string =>
  placed.find(({ department }) => department.id === id)?.path.join(" / ") ?? "";
