import { redirect, type ParsedLocation } from "@tanstack/react-router";
import { lies, pages, type Page } from "./areas";

const moves = pages
  .flatMap((page) =>
    (page.was ?? []).map((was) => {
      const [from = "", query = ""] = was.split("?");
      return { from, where: [...new URLSearchParams(query)], to: page.to };
    }),
  )
  .sort((a, b) => b.from.length - a.from.length || b.where.length - a.where.length);

/** Where a former address leads now, with the rest of the address and of its query; null if it is none. */
export function movedTo(pathname: string, search: Record<string, unknown>) {
  const move = moves.find(
    ({ from, where }) => lies(pathname, from) && where.every(([name, value]) => search[name] === value),
  );
  if (!move) return null;
  const dropped = move.where.map(([name]) => name);
  return {
    to: `${move.to}${pathname.slice(move.from.length)}`,
    search: Object.fromEntries(Object.entries(search).filter(([name]) => !dropped.includes(name))),
  };
}

/** Leads from a former address to what it is now. */
export function leadOn(location: ParsedLocation<Record<string, unknown>>) {
  const moved = movedTo(location.pathname.replace(/(?<=.)\/$/, ""), location.search);
  if (!moved) return;
  // The rest of the address is whatever stood behind the former one; the page it belongs to checks it.
  throw redirect({ to: moved.to as Page["to"], search: moved.search, hash: location.hash, replace: true });
}
