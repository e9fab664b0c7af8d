import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";

/** How often erasures that are being done are read again while they are on screen, in milliseconds. */
const again = 2_000;

export const erasures = infiniteQueryOptions({
  queryKey: ["erasures"],
  queryFn: ({ pageParam, signal }) => call("GET", "/erasures", { query: { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.items.some((one) => one.state === "running")) ? again : false,
});
export const erasureSettings = queryOptions({
  queryKey: ["erasure-settings"],
  queryFn: ({ signal }) => call("GET", "/erasures/settings", { signal }),
});

export const retention = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => call("GET", "/retention", { signal }),
});
/** What some rules would erase now; nothing is changed. */
export const previewOf = (rules: Body<"PUT", "/retention">) =>
  call("GET", "/retention/preview", {
    query: Object.fromEntries(Object.entries(rules).filter(([, days]) => days !== null)),
  });
export const useSetRetention = () =>
  useChange([["retention"]], (body: Body<"PUT", "/retention">) => call("PUT", "/retention", { body }));

export const useSetErasureSettings = () =>
  useChange([["erasure-settings"]], (body: Body<"PUT", "/erasures/settings">) =>
    call("PUT", "/erasures/settings", { body }),
  );
export const consentSettings = queryOptions({
  queryKey: ["consent-settings"],
  queryFn: ({ signal }) => call("GET", "/consents/settings", { signal }),
});
export const useSetConsentSettings = () =>
  useChange([["consent-settings"]], (body: Body<"PUT", "/consents/settings">) =>
    call("PUT", "/consents/settings", { body }),
  );

export const useErase = () =>
  useChange([["erasures"]], (body: Body<"POST", "/erasures">) => call("POST", "/erasures", { body }));
export const useDecide = () =>
  useChange([["erasures"]], ({ id, yes }: { id: string; yes: boolean }) =>
    yes
      ? call("POST", "/erasures/{id}/confirm", { path: { id } })
      : call("POST", "/erasures/{id}/decline", { path: { id } }),
  );
export const proofOf = (id: string) => call("GET", "/erasures/{id}/proof", { path: { id } });
