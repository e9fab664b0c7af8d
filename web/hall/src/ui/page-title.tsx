import type { ComponentChildren, JSX } from "preact";
import { useHallContext } from "../context";
import { usePage } from "../router";

/** Names the page in the title bar and takes the focus after a navigation. */
export function usePageName(page: string | null): void {
  const { words, name } = useHallContext();
  const known = page !== null && name !== "";
  usePage(page, known ? words.t("shell.title_of", { page, name }) : page);
}

export function PageTitle({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  usePageName(title);
  return (
    <div class="page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}
