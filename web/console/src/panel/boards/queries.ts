import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { Board, BoardTile } from "@yingda/api/types";
import { useChange } from "../../lib/mutations";

export const boards = queryOptions({
  queryKey: ["boards"],
  queryFn: ({ signal }) => call("GET", "/boards", { signal }),
});
export const board = (id: string) =>
  queryOptions({
    queryKey: ["boards", id],
    queryFn: ({ signal }) => call("GET", "/boards/{id}", { path: { id }, signal }),
  });
/** The board as it is now, for somebody who was told that someone else was faster. */
export const currentBoard = (id: string) => call("GET", "/boards/{id}", { path: { id } });

type New = Body<"POST", "/boards">;
type Change = Body<"PATCH", "/boards/{id}">;

/** A tile as it is sent. */
export const sent = ({ indicator, form, range, split, part, wide }: BoardTile): New["tiles"][number] => ({
  indicator,
  form,
  range,
  wide,
  ...(split === null ? {} : { split }),
  ...(part === null ? {} : { part }),
});

export const useCreateBoard = () => useChange([["boards"]], (body: New) => call("POST", "/boards", { body }));

export const useChangeBoard = () =>
  useChange(
    [["boards"]],
    ({ id, change }: { id: string; change: Change }) => call("PATCH", "/boards/{id}", { path: { id }, body: change }),
    // The next move is based on this one, so the version has to be known at once.
    { known: (client, answer: Board) => client.setQueryData(board(answer.id).queryKey, answer), waits: false },
  );

export const useDeleteBoard = () =>
  useChange([["boards"]], (id: string) => call("DELETE", "/boards/{id}", { path: { id } }), { waits: false });
