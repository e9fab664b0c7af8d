import { useMatches } from "@tanstack/react-router";
import { useMemo } from "react";
import { useMe } from "../lib/session";
import { areaAt, mayOpen, openPages, pageAt } from "./areas";

/** Where one is: the area and the page of the address that is shown, and what the member may open there. */
export function usePlace() {
  const me = useMe();
  const pathname = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? "/" });
  return useMemo(() => {
    const area = areaAt(pathname);
    const page = pageAt(pathname);
    return { area, page, pages: area ? openPages(me, area) : [], allowed: page === null || mayOpen(me, page) };
  }, [me, pathname]);
}
