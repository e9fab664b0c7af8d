import { Button } from "@yingda/antd";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";
import { Icon } from "./icon";

interface PageProps {
  title: string;
  /** Beside the title: what the page is about, or how much there is. */
  about?: ReactNode;
  /** At the end of the head. */
  acts?: ReactNode;
  /** The main action: adds one. Null if the user may not. */
  add?: { word: ReactNode; run(): void } | null;
  /** Of the body. */
  className?: string;
  onKeyDown?(event: KeyboardEvent): void;
  children: ReactNode;
}

/** A page with a head and a body that scrolls. The shell shows it only to those who may open it (`areas.ts`). */
export function Page({ title, about, acts, add, className, onKeyDown, children }: PageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <h1>{title}</h1>
        {typeof about === "string" ? <span className="s2 t3">{about}</span> : about}
        {(acts || add) && <span className="grow" />}
        {acts}
        {add && (
          <Button type="primary" onClick={add.run}>
            <Icon name="plus" />
            {add.word}
          </Button>
        )}
      </header>
      <div className={className ? `page-body ${className}` : "page-body"} data-pane tabIndex={-1} onKeyDown={onKeyDown}>
        {children}
      </div>
    </div>
  );
}

/** The query of a list: all of it, or page by page. */
interface Found {
  error: Error | null;
  isError: boolean;
  isFetching: boolean;
  isPending: boolean;
  isSuccess: boolean;
  refetch(): unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?(): unknown;
}

interface ListPageProps extends PageProps {
  of: Found;
  rows: readonly unknown[];
  /** Stands above the list, such as its filters. */
  above?: ReactNode;
  /** Stands in its place while it is loaded: `LoadingRows` or `LoadingCards`. */
  loading?: ReactNode;
  /** Says what to do while there are no rows. */
  empty?: ReactNode;
  /** “Show more” unless stated otherwise. */
  moreWord?: string;
}

/** A page with one list: what is above it, why it could not be loaded, or its rows (`children`), and how to show more of them. */
export function ListPage({ of, rows, above, loading, empty, moreWord, children, ...page }: ListPageProps) {
  const { t } = useTranslation("kit");
  return (
    <Page {...page}>
      {above}
      <Failed of={of} />
      {of.isPending && loading}
      {of.isSuccess && rows.length === 0 && empty && <div className="empty">{empty}</div>}
      {rows.length > 0 && children}
      {of.hasNextPage && (
        <div className="list-more">
          <Button loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage?.()}>
            {moreWord ?? t("more")}
          </Button>
        </div>
      )}
    </Page>
  );
}
