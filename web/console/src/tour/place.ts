/** Where something is on the screen, in pixels from its top left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
type Size = Pick<Box, "width" | "height">;

/** Between the card, what it speaks of, and the edges of the screen. */
const gap = 12;

/** How much of a line from `one` lies within another. */
const common = (one: number, length: number, other: number, otherLength: number) =>
  Math.max(0, Math.min(one + length, other + otherLength) - Math.max(one, other));

/** Where a card stands that speaks of a spot: below it, above it or beside it, whatever covers least of it; in the middle if there is none. */
export function placeCard(spot: Box | null, card: Size, screen: Size): Pick<Box, "x" | "y"> {
  const within = (at: number, length: number, room: number) => Math.max(gap, Math.min(at, room - length - gap));
  const kept = (x: number, y: number) => ({
    x: within(x, card.width, screen.width),
    y: within(y, card.height, screen.height),
  });
  if (!spot) return kept((screen.width - card.width) / 2, (screen.height - card.height) / 2);
  const places = [
    kept(spot.x, spot.y + spot.height + gap),
    kept(spot.x, spot.y - card.height - gap),
    kept(spot.x + spot.width + gap, spot.y),
    kept(spot.x - card.width - gap, spot.y),
    kept(spot.x, screen.height),
  ];
  const covered = ({ x, y }: Pick<Box, "x" | "y">) =>
    common(x, card.width, spot.x, spot.width) * common(y, card.height, spot.y, spot.height);
  return places.reduce((best, one) => (covered(one) < covered(best) ? one : best));
}
