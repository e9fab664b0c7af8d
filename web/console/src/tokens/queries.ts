import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { NewApiToken } from "@yingda/api/types";
import { useChange } from "../lib/mutations";

const tokensKey = ["tokens"] as const;
/** How often what a token was last used for is refreshed while it is on screen, in milliseconds. */
const again = 30_000;

export const tokens = queryOptions({
  queryKey: tokensKey,
  queryFn: ({ signal }) => call("GET", "/tokens", { signal }),
  refetchInterval: again,
});

export const useCreateToken = () => useChange([tokensKey], (body: NewApiToken) => call("POST", "/tokens", { body }));

export const useRotateToken = () =>
  useChange([tokensKey], ({ id, overlap_s }: { id: string; overlap_s: number }) =>
    call("POST", "/tokens/{id}/secret", { path: { id }, body: { overlap_s } }),
  );

export const useRevokeToken = () =>
  useChange([tokensKey], (id: string) => call("DELETE", "/tokens/{id}", { path: { id } }));
