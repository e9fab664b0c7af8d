import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../../lib/failed";
import { dayInWords, dayOf, hourMinute } from "../../lib/format";
import { say } from "../../lib/i18n";
import { Icon } from "../../lib/icon";
import { LoadingCards } from "../../lib/loading";
import { Page } from "../../lib/page";
import { usePrefs } from "../../lib/prefs";
import { RowActs } from "../../lib/row-acts";
import { useMe } from "../../lib/session";
import { BehindDrawer } from "../drawer";
import { indicatorMap } from "../model";
import { behindRange, indicators } from "../queries";
import { useBoardActs } from "./acts";
import { BoardForm } from "./board-form";
import { BoardTile } from "./board-tile";
import { mostTiles, type Tile } from "./model";
import { board as boardQuery } from "./queries";
import { TileForm } from "./tile-form";
import { useColours } from "./use-colours";
import { useDragging } from "./use-dragging";
import { useTiles } from "./use-tiles";
import "../panel.css";
import "../history/history.css";
import "./boards.css";

const day = 86_400_000;

/** One board: its tiles, which can be added, changed, moved, resized and removed. */
export function BoardPage() {
  const { t } = useTranslation("boards");
  const { language } = usePrefs();
  const me = useMe();
  const navigate = useNavigate();
  const { board: id } = useParams({ from: "/inside/reports/boards/$board" });
  const search = useSearch({ from: "/inside/reports/boards/$board" });
  const found = useQuery(boardQuery(id));
  const { data: definitions } = useQuery(indicators);
  const names = indicatorMap(definitions);
  const actsOf = useBoardActs();
  const [naming, setNaming] = useState(false);
  const [editing, setEditing] = useState<number | null>(null);
  const grid = useRef<HTMLUListElement>(null);
  const board = found.data;
  const nameOf = (tile: Tile) => say(names.get(tile.indicator)?.name, language) || tile.indicator;
  const tiles = useTiles(id, board, grid, nameOf);
  const coloursOf = useColours(tiles.tiles, names);
  const dragging = useDragging(grid, tiles.saving, tiles.move);
  const { open = "", at = 0, until = 0, split, part } = search;
  const caption =
    until - at < day
      ? `${dayInWords(at, me.time_zone, language)} ${hourMinute(at, me.time_zone)}`
      : until - at === day
        ? dayInWords(at, me.time_zone, language)
        : `${dayOf(at, me.time_zone)} – ${dayOf(until - 1, me.time_zone)}`;
  const full = tiles.tiles.length >= mostTiles;
  return (
    <>
      <Page
        title={board?.name ?? t("title")}
        about={
          board && (
            <>
              <Link className="s2" to="/reports/boards">
                {t("all")}
              </Link>
              <span className="tag">{t(board.shared ? (board.own ? "shared.own" : "shared.other") : "private")}</span>
            </>
          )
        }
        acts={
          board && (
            <>
              <span title={full ? t("full", { count: mostTiles }) : undefined}>
                <Button type="primary" disabled={full} onClick={() => setEditing(tiles.tiles.length)}>
                  <Icon name="plus" />
                  {t("tile.add")}
                </Button>
              </span>
              <span className="board-acts">
                <RowActs
                  name={board.name}
                  acts={actsOf(board, {
                    edit: () => setNaming(true),
                    copied: (copy) => void navigate({ to: "/reports/boards/$board", params: { board: copy.id } }),
                    deleted: () => void navigate({ to: "/reports/boards" }),
                  })}
                />
              </span>
            </>
          )
        }
        className="board-body"
      >
        <Failed of={found} />
        {found.isPending && <LoadingCards cards={4} lines={3} className="board-grid" card="card tile-card" />}
        {board && tiles.tiles.length === 0 && (
          <div className="empty">
            <p>{t("board.empty")}</p>
            <p>{t("board.empty.what")}</p>
          </div>
        )}
        <ul ref={grid} className="board-grid" aria-label={board?.name ?? t("title")} aria-busy={tiles.saving}>
          {tiles.tiles.map((tile, index) => (
            <BoardTile
              key={`${index}-${tile.indicator}`}
              tile={tile}
              index={index}
              name={nameOf(tile)}
              indicator={names.get(tile.indicator)}
              colours={coloursOf(tile)}
              tiles={tiles}
              dragging={dragging}
              onEdit={() => setEditing(index)}
            />
          ))}
        </ul>
        <span className="sr" aria-live="polite">
          {tiles.told}
        </span>
      </Page>
      {board && naming && <BoardForm board={board} onSaved={() => undefined} onClose={() => setNaming(false)} />}
      {board && editing !== null && (
        <TileForm key={editing} board={board} index={editing} names={names} onClose={() => setEditing(null)} />
      )}
      <BehindDrawer
        indicator={names.get(open)}
        open={open}
        caption={caption}
        zone={me.time_zone}
        onClose={() => void navigate({ to: "/reports/boards/$board", params: { board: id }, search: {} })}
        pages={behindRange(open, at, until, split, part)}
      />
    </>
  );
}
