import { useQueries } from "@tanstack/react-query";
import type { Indicator } from "@yingda/api/types";
import { useNow } from "../../lib/clock";
import { useMe } from "../../lib/session";
import { tones, tonesOf, type Measured, type Tones } from "../history/model";
import { usePartName } from "../history/names";
import { metrics } from "../queries";
import { measureOf, queryOf, shownOf, todayOf, type Tile } from "./model";

const minute = 60_000;

/** The colours of the parts on each tile that draws some as lines: whoever and whatever is on several tiles has the same on all of them. */
export function useColours(
  tiles: readonly Tile[],
  names: ReadonlyMap<string, Indicator>,
): (tile: Tile) => Tones | undefined {
  const me = useMe();
  const partName = usePartName();
  const today = todayOf(useNow(minute), me.time_zone);
  const drawn = tiles.filter(({ form, split }) => form === "line" && split !== null);
  const keyOf = (tile: Tile) => JSON.stringify(queryOf(tile, today));
  // Two tiles may show the same numbers; the tiles themselves ask again in time.
  const asked = new Map(drawn.map((tile) => [keyOf(tile), metrics(queryOf(tile, today))]));
  const found = useQueries({ queries: [...asked.values()] });
  const answers = new Map([...asked.keys()].map((key, index) => [key, found[index]?.data?.items[0]]));
  const linesOf = (tile: Tile): readonly Measured[] => {
    const [metric, indicator] = [answers.get(keyOf(tile)), names.get(tile.indicator)];
    return metric && indicator ? shownOf(tile, metric, measureOf(indicator)).lines : [];
  };
  const colours = new Map(
    drawn.map(({ split }) => {
      const alike = drawn.filter((tile) => tile.split === split);
      return [split, tonesOf(alike.map(linesOf), (line) => (split === null ? "" : partName(line, split)))];
    }),
  );
  return (tile) => {
    const own = colours.get(tile.split);
    // A part that has a tile to itself and no colour of its own has that of the others.
    return own && tile.part !== null ? new Map([[tile.part === "" ? null : tile.part, tones], ...own]) : own;
  };
}
