import type { ComponentChildren, JSX } from "preact";
import { useHallContext } from "../context";
import { usePage } from "../router";

/** Names the page in the title bar and takes the focus after a navigation. */
export function usePageName(page: string | null, about?: string): void {
  const { words, name } = useHallContext();
  const known = page !== null && name !== "";
  usePage(
    page,
    known ? words.t("shell.title_of", { page, name }) : page,
    known ? (about ?? words.t("home.about", { name })) : null,
  );
}

/** `about` is the page's description for search engines; without it, they get that of the hall. */
export function PageTitle({
  title,
  about,
  children,
}: {
  title: string;
  about?: string | undefined;
  children?: ComponentChildren;
}): JSX.Element {
  usePageName(title, about);
  return (
    <div class="page-head">
      <h1 tabIndex={-1} dir="auto">
        {title}
      </h1>
      {children}
    </div>
  );
}
