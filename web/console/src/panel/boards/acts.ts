import { within } from "@yingda/api/graphemes";
import type { Board } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useRefused, useUndo } from "../../lib/mutations";
import type { Act } from "../../lib/row-acts";
import { sent, useCreateBoard, useDeleteBoard } from "./queries";

interface Then {
  edit(): void;
  copied(board: Board): void;
  deleted(): void;
}

/** The longest name of a board, in characters. */
export const mostOfName = 60;

/** What can be done with a board as a whole. A deletion is done at once, and can be undone. */
export function useBoardActs(): (board: Board, then: Then) => Act[] {
  const { t } = useTranslation("boards");
  const refused = useRefused();
  const undo = useUndo();
  const create = useCreateBoard();
  const remove = useDeleteBoard();
  const copyOf = (board: Board, name: string, shared: boolean) =>
    create.mutateAsync({ name: within(name, mostOfName), shared, tiles: board.tiles.map(sent) });
  return (board, then) => [
    { word: t("edit"), label: t("edit.one", { name: board.name }), run: then.edit },
    {
      word: t("duplicate"),
      label: t("duplicate.one", { name: board.name }),
      disabled: create.isPending,
      run: () => void copyOf(board, t("copy_of", { name: board.name }), false).then(then.copied, refused),
    },
    {
      word: t("delete"),
      label: t("delete.one", { name: board.name }),
      disabled: remove.isPending,
      run: () =>
        void remove.mutateAsync(board.id).then(() => {
          then.deleted();
          undo(t("deleted", { name: board.name }), () => copyOf(board, board.name, board.shared));
        }, refused),
    },
  ];
}
