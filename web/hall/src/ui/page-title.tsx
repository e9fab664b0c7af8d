import type { ComponentChildren, JSX } from "preact";
import { useHallContext } from "../context";
import { usePage } from "../router";

/** Names the page in the title bar and takes the focus after a navigation. */
export function usePageName(page: string | null, about?: string): void {
  const { words, name } = useHallContext();
  const known = page !== null && name !== "";
  usePage(page, known ? words.t("shell.title_of", { page, name }) : page, known ? (about ?? words.t("home.about", { name })) : null);
}

/** `about` is what search engines say of the page; without it they say what the hall is. */
export function PageTitle({ title, about, children }: { title: string; about?: string | undefined; children?: ComponentChildren }): JSX.Element {
  usePageName(title, about);
  return (
    <div class="page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}
