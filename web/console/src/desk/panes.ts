import type { Own } from "../live/own";

/** The panes whose width can be changed. */
export type Pane = "list" | "customer";

/** Their widths, in rem: the least, the usual, and the most. */
export const widths: Record<Pane, { least: number; usual: number; most: number }> = {
  list: { least: 14, usual: 19.25, most: 32 },
  customer: { least: 16, usual: 20.5, most: 32 },
};

const rounded = (rems: number) => Math.round(rems * 4) / 4;

/** A width within bounds, to a quarter of a rem. */
export function bounded(pane: Pane, rems: number): number {
  const { least, most } = widths[pane];
  return Math.min(most, Math.max(least, rounded(rems)));
}

export const widthOf = (own: Pick<Own, Pane>, pane: Pane): number => own[pane] ?? widths[pane].usual;

/** The width after a key: the arrows move the edge by one rem, Home and End as far as it goes; null resets it, undefined is no such key. */
export function widthAfter(pane: Pane, width: number, key: string, isRtl: boolean): number | null | undefined {
  // The list stands before its edge, the customer after it; from right to left it is the other way round.
  const towards = (pane === "list") !== isRtl ? 1 : -1;
  switch (key) {
    case "ArrowRight":
      return bounded(pane, width + towards);
    case "ArrowLeft":
      return bounded(pane, width - towards);
    case "Home":
      return widths[pane].least;
    case "End":
      return widths[pane].most;
    case "Enter":
      return null;
    default:
      return undefined;
  }
}
