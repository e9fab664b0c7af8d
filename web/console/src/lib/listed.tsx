import { Button } from "@yingda/antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./failed";

/** The query of a list: all of it, or page by page. */
export interface Found {
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

interface ListedProps {
  of: Found;
  rows: readonly unknown[];
  /** Stands in its place while it is loaded: `LoadingRows` or `LoadingCards`. */
  loading?: ReactNode;
  /** Says what to do while there are no rows. */
  empty?: ReactNode;
  children: ReactNode;
}

/** What was found, whatever became of the query: why it could not be loaded, or its rows (`children`), and how to show more of them. */
export function Listed({ of, rows, loading, empty, children }: ListedProps) {
  const { t } = useTranslation("kit");
  return (
    <>
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
    </>
  );
}
