import type { Board } from "@yingda/api/types";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useRefused, useUndo } from "../../lib/mutations";
import { moved, type Tile } from "./model";
import { currentBoard, sent, useChangeBoard } from "./queries";

export type Tiles = ReturnType<typeof useTiles>;

/** The tiles of a board, and how they are moved, resized and removed. */
export function useTiles(
  id: string,
  board: Board | undefined,
  grid: RefObject<HTMLUListElement | null>,
  nameOf: (tile: Tile) => string,
) {
  const { t } = useTranslation("boards");
  const refused = useRefused();
  const undo = useUndo();
  const change = useChangeBoard();
  const [told, setTold] = useState("");
  /** The tile that was moved by key: its handle keeps the focus. */
  const followed = useRef<number | null>(null);
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
  const resize = (index: number) =>
    void save(tiles.map((one, at) => (at === index ? { ...one, wide: !one.wide } : one)));
  return {
    tiles,
    saving: wanted !== null,
    /** What was just done, for those who do not see it. */
    told,
    move,
    remove,
    resize,
  };
}
