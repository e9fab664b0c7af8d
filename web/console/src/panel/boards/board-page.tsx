import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../../lib/failed";
import { dayInWords, dayOf, hourMinute } from "../../lib/format";
import { say } from "../../lib/i18n";
import { Icon } from "../../lib/icon";
import { LoadingCards } from "../../lib/loading";
import { useRefused, useUndo } from "../../lib/mutations";
import { Page } from "../../lib/page";
import { usePrefs } from "../../lib/prefs";
import { RowActs, type Act } from "../../lib/row-acts";
import { useMe } from "../../lib/session";
import { BehindDrawer } from "../drawer";
import { indicatorMap } from "../model";
import { behindRange, indicators } from "../queries";
import { useBoardActs } from "./acts";
import { BoardForm } from "./board-form";
import { mostTiles, moved, type Tile } from "./model";
import { board as boardQuery, currentBoard, sent, useChangeBoard } from "./queries";
import { TileForm } from "./tile-form";
import { TileCard } from "./tile";
import "../panel.css";
import "../history/history.css";
import "./boards.css";

const day = 86_400_000;
/** How near the edge of the page a dragged tile makes it scroll, in pixels. */
const edge = 64;
/** The arrow keys that move a tile by one place. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

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
  const refused = useRefused();
  const undo = useUndo();
  const change = useChangeBoard();
  const actsOf = useBoardActs();
  const [naming, setNaming] = useState(false);
  const [editing, setEditing] = useState<number | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  /** The place over which a finger or a pen holds the dragged tile. */
  const [over, setOver] = useState<number | null>(null);
  const [told, setTold] = useState("");
  const grid = useRef<HTMLUListElement>(null);
  /** The tile that was moved by key: its handle keeps the focus. */
  const followed = useRef<number | null>(null);
  const board = found.data;
  // While it is being saved, the board already shows what will be.
  const [wanted, setWanted] = useState<readonly Tile[] | null>(null);
  const tiles = wanted ?? board?.tiles ?? [];

  useEffect(() => {
    if (followed.current === null) return;
    grid.current?.querySelectorAll<HTMLElement>(".tile-handle")[followed.current]?.focus();
    followed.current = null;
  });

  const save = async (next: readonly Tile[]) => {
    if (!board || wanted) return false;
    setWanted(next);
    try {
      await change.mutateAsync({ id, change: { tiles: next.map(sent), seen: board.updated_at } });
      return true;
    } catch (refusal) {
      refused(refusal);
      return false;
    } finally {
      setWanted(null);
    }
  };
  const nameOf = (tile: Tile) => say(names.get(tile.indicator)?.name, language) || tile.indicator;
  const move = (from: number, to: number) => {
    if (wanted || to < 0 || to >= tiles.length || from === to) return;
    followed.current = to;
    setTold(t("tile.moved", { name: nameOf(tiles[from]!), place: to + 1, count: tiles.length }));
    void save(moved(tiles, from, to));
  };
  const remove = async (index: number) => {
    const before = [...tiles];
    const name = nameOf(before[index]!);
    if (!(await save(before.filter((_, at) => at !== index)))) return;
    undo(t("tile.removed", { name }), async () => {
      const now = await currentBoard(id);
      const back = [...now.tiles];
      back.splice(Math.min(index, back.length), 0, before[index]!);
      return change.mutateAsync({ id, change: { tiles: back.map(sent), seen: now.updated_at } });
    });
  };
  const tileActs = (tile: Tile, index: number): Act[] => [
    { word: t("tile.change"), label: t("tile.change.one", { name: nameOf(tile) }), run: () => setEditing(index) },
    {
      word: t(tile.wide ? "tile.narrow" : "tile.widen"),
      label: t(tile.wide ? "tile.narrow.one" : "tile.widen.one", { name: nameOf(tile) }),
      run: () => void save(tiles.map((one, at) => (at === index ? { ...one, wide: !one.wide } : one))),
    },
    {
      word: t("tile.earlier"),
      label: t("tile.earlier.one", { name: nameOf(tile) }),
      disabled: index === 0,
      run: () => move(index, index - 1),
    },
    {
      word: t("tile.later"),
      label: t("tile.later.one", { name: nameOf(tile) }),
      disabled: index === tiles.length - 1,
      run: () => move(index, index + 1),
    },
    { word: t("tile.remove"), label: t("tile.remove.one", { name: nameOf(tile) }), run: () => void remove(index) },
  ];
  const onKey = (event: KeyboardEvent, index: number) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(index, index + step);
  };
  /** The tile at a point of the window. */
  const placeAt = (x: number, y: number) => {
    const tile = document.elementFromPoint(x, y)?.closest(".board-tile");
    const place = tile && grid.current ? [...grid.current.children].indexOf(tile) : -1;
    return place < 0 ? null : place;
  };
  // Browsers drag and drop by mouse only: a finger or a pen is followed from the handle.
  const onTouch = (event: PointerEvent<HTMLButtonElement>, index: number) => {
    if (event.pointerType === "mouse" || wanted) return;
    event.currentTarget.draggable = false;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragged(index);
    setOver(index);
  };
  const onTouchMove = (event: PointerEvent<HTMLButtonElement>) => {
    if (over === null) return;
    const { currentTarget: handle } = event;
    const pane = [handle.closest("[data-pane]"), handle.closest(".page")].find(
      (one) => one && one.scrollHeight > one.clientHeight,
    );
    const box = pane?.getBoundingClientRect();
    // Near an edge, the page scrolls on.
    if (pane && box && event.clientY > box.bottom - edge) pane.scrollTop += edge / 4;
    if (pane && box && event.clientY < box.top + edge) pane.scrollTop -= edge / 4;
    setOver(placeAt(event.clientX, event.clientY) ?? over);
  };
  const onTouchEnd = (event: PointerEvent<HTMLButtonElement>, drops: boolean) => {
    if (over === null) return;
    event.currentTarget.draggable = true;
    setDragged(null);
    setOver(null);
    if (drops && dragged !== null) move(dragged, over);
  };
  const onDrop = (event: DragEvent, index: number) => {
    if (dragged === null) return;
    event.preventDefault();
    setDragged(null);
    move(dragged, index);
  };
  const { open = "", at = 0, until = 0, split, part } = search;
  const caption =
    until - at < day
      ? `${dayInWords(at, me.time_zone, language)} ${hourMinute(at, me.time_zone)}`
      : until - at === day
        ? dayInWords(at, me.time_zone, language)
        : `${dayOf(at, me.time_zone)} – ${dayOf(until - 1, me.time_zone)}`;
  const full = tiles.length >= mostTiles;
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
                <Button type="primary" disabled={full} onClick={() => setEditing(tiles.length)}>
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
        {board && tiles.length === 0 && (
          <div className="empty">
            <p>{t("board.empty")}</p>
            <p>{t("board.empty.what")}</p>
          </div>
        )}
        <ul ref={grid} className="board-grid" aria-label={board?.name ?? t("title")} aria-busy={wanted !== null}>
          {tiles.map((tile, index) => {
            const indicator = names.get(tile.indicator);
            return (
              <li
                key={`${index}-${tile.indicator}`}
                className={[
                  "board-tile",
                  tile.wide ? "board-wide" : "",
                  tile.form === "number" ? "board-number" : "",
                  dragged === index ? "board-dragged" : "",
                  over === index && dragged !== index ? "board-over" : "",
                ].join(" ")}
                onDragOver={(event) => dragged !== null && event.preventDefault()}
                onDrop={(event) => onDrop(event, index)}
              >
                {indicator && (
                  <TileCard
                    tile={tile}
                    indicator={indicator}
                    acts={
                      <>
                        <button
                          type="button"
                          className="ib s tile-handle"
                          draggable
                          aria-label={t("tile.move", { name: nameOf(tile), place: index + 1, count: tiles.length })}
                          title={t("tile.move.how")}
                          onKeyDown={(event) => onKey(event, index)}
                          onDragStart={(event) => {
                            event.dataTransfer.effectAllowed = "move";
                            event.dataTransfer.setData("text/plain", nameOf(tile));
                            setDragged(index);
                          }}
                          onDragEnd={() => setDragged(null)}
                          onPointerDown={(event) => onTouch(event, index)}
                          onPointerMove={onTouchMove}
                          onPointerUp={(event) => onTouchEnd(event, true)}
                          onPointerCancel={(event) => onTouchEnd(event, false)}
                        >
                          <Icon name="transfer" />
                        </button>
                        <RowActs name={nameOf(tile)} acts={tileActs(tile, index)} />
                      </>
                    }
                  />
                )}
              </li>
            );
          })}
        </ul>
        <span className="sr" aria-live="polite">
          {told}
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
