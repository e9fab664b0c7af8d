import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { PanelSearch } from "./search";

/** A number with a link to the list behind it. */
export function Door({
  open,
  from,
  queue,
  className,
  children,
  label,
}: {
  open: string;
  from?: number;
  queue?: string;
  className?: string;
  children: ReactNode;
  label?: string;
}) {
  return (
    <Link
      to="/floor/live"
      search={(now) => {
        const { queue: _queue, ...rest } = now as PanelSearch;
        return {
          ...rest,
          open,
          ...(from === undefined ? {} : { from }),
          ...(queue === undefined ? {} : { queue }),
        };
      }}
      className={className ? `num ${className}` : "num"}
      aria-label={label}
      aria-current={undefined}
      activeProps={{}}
    >
      {children}
    </Link>
  );
}
