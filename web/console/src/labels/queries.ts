import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";

/** What a user enters; the server adds the rest. */
export type LabelFields = Body<"POST", "/labels">;

const key = ["labels"] as const;

/** All labels of the company, and those that the reader gives most often. */
export const labels = queryOptions({
  queryKey: key,
  queryFn: ({ signal }) => call("GET", "/labels", { signal }),
});

/** One label as it is now; null if it was deleted. */
export const currentLabel = async (id: string) =>
  (await call("GET", "/labels")).items.find((label) => label.id === id) ?? null;

export const useCreateLabel = () => useChange([key], (body: LabelFields) => call("POST", "/labels", { body }));
export const useChangeLabel = () =>
  useChange([key], ({ id, ...body }: { id: string } & Body<"PATCH", "/labels/{id}">) =>
    call("PATCH", "/labels/{id}", { path: { id }, body }),
  );
export const useDeleteLabel = () => useChange([key], (id: string) => call("DELETE", "/labels/{id}", { path: { id } }));
