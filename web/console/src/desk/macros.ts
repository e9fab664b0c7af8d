import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";

/** What a user enters; the server adds the rest. */
export type MacroFields = Body<"POST", "/macros">;

/** Below that of the canned replies: both change with the same notice. */
const key = ["canned-replies", "macros"] as const;

/** Everybody's macros, and the reader's own. */
export const macros = queryOptions({
  queryKey: key,
  queryFn: ({ signal }) => call("GET", "/macros", { signal }),
});

/** One macro as it is now; null if it was deleted. */
export const currentMacro = async (id: string) =>
  (await call("GET", "/macros")).items.find((one) => one.id === id) ?? null;

export const useCreateMacro = () => useChange([key], (body: MacroFields) => call("POST", "/macros", { body }));
export const useChangeMacro = () =>
  useChange([key], ({ id, ...body }: { id: string } & Body<"PATCH", "/macros/{id}">) =>
    call("PATCH", "/macros/{id}", { path: { id }, body }),
  );
export const useDeleteMacro = () => useChange([key], (id: string) => call("DELETE", "/macros/{id}", { path: { id } }));
