import { pressed } from "@yingda/api/keys";
import type { Indicator } from "@yingda/api/types";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../lib/icon";
import { RowActs, type Act } from "../../lib/row-acts";
import type { Tones } from "../history/model";
import type { Tile } from "./model";
import { TileCard } from "./tile";
import type { Dragging } from "./use-dragging";
import type { Tiles } from "./use-tiles";

/** The arrow keys that move a tile by one place. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

interface Props {
  tile: Tile;
  index: number;
  name: string;
  indicator: Indicator | undefined;
  colours: Tones | undefined;
  tiles: Tiles;
  dragging: Dragging;
  onEdit(): void;
}

/** A tile in its place on the board, with the handle that moves it and the rest that can be done with it. */
export function BoardTile({ tile, index, name, indicator, colours, tiles, dragging, onEdit }: Props) {
  const { t } = useTranslation("boards");
  const acts: Act[] = [
    { word: t("tile.change"), label: t("tile.change.one", { name }), run: onEdit },
    {
      word: t(tile.wide ? "tile.narrow" : "tile.widen"),
      label: t(tile.wide ? "tile.narrow.one" : "tile.widen.one", { name }),
      run: () => tiles.resize(index),
    },
    {
      word: t("tile.earlier"),
      label: t("tile.earlier.one", { name }),
      disabled: index === 0,
      run: () => tiles.move(index, index - 1),
    },
    {
      word: t("tile.later"),
      label: t("tile.later.one", { name }),
      disabled: index === tiles.tiles.length - 1,
      run: () => tiles.move(index, index + 1),
    },
    { word: t("tile.remove"), label: t("tile.remove.one", { name }), run: () => void tiles.remove(index) },
  ];
  const onKey = (event: KeyboardEvent) => {
    const step = steps[pressed(event)];
    if (step === undefined) return;
    event.preventDefault();
    tiles.move(index, index + step);
  };
  return (
    <li
      className={[
        "board-tile",
        tile.wide ? "board-wide" : "",
        tile.form === "number" ? "board-number" : "",
        dragging.dragged === index ? "board-dragged" : "",
        dragging.over === index && dragging.dragged !== index ? "board-over" : "",
      ].join(" ")}
      {...dragging.target(index)}
    >
      {indicator && (
        <TileCard
          tile={tile}
          indicator={indicator}
          colours={colours}
          acts={
            <>
              <button
                type="button"
                className="ib s tile-handle"
                {...dragging.handle(index, name)}
                aria-label={t("tile.move", { name, place: index + 1, count: tiles.tiles.length })}
                title={t("tile.move.how")}
                onKeyDown={onKey}
              >
                <Icon name="transfer" />
              </button>
              <RowActs name={name} acts={acts} />
            </>
          }
        />
      )}
    </li>
  );
}
