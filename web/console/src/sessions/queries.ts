import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";

export const secondStepQuery = queryOptions({
  queryKey: ["me", "second-step"],
  queryFn: ({ signal }) => call("GET", "/me/second-step", { signal }),
});
export const passkeysQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: ({ signal }) => call("GET", "/me/passkeys", { signal }),
});
