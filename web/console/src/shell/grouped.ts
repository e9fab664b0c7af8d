import type { Page } from "./areas";

/** More pages than this are listed by group, and chosen from a list where there is no room for a column. */
export const fewPages = 6;

/** The pages of a second level by group, each group with its name; one group without a name if there are few pages. */
export function grouped(pages: readonly Page[]): { group: string | null; pages: Page[] }[] {
  if (pages.length <= fewPages) return [{ group: null, pages: [...pages] }];
  const found: { group: string | null; pages: Page[] }[] = [];
  for (const page of pages) {
    const group = page.group ?? null;
    const last = found.at(-1);
    if (last && last.group === group) last.pages.push(page);
    else found.push({ group, pages: [page] });
  }
  return found;
}
