import type { ReactNode } from "react";
import { Listed, type Found } from "./listed";
import { Page, type PageProps } from "./page";

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
  return (
    <Page {...page}>
      {above}
      <Listed of={of} rows={rows} loading={loading} empty={empty}>
        {children}
      </Listed>
    </Page>
  );
}
