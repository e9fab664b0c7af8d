import { Button } from "@yingda/antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";
import { Page, type PageProps } from "./page";

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
}

/** A page with one list: what is above it, why it could not be loaded, or its rows (`children`), and how to show more of them. */
export function ListPage({ of, rows, above, loading, empty, children, ...page }: ListPageProps) {
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
            {t("more")}
          </Button>
        </div>
      )}
    </Page>
  );
}
