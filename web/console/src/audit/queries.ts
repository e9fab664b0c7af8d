import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { type Body, urlOf } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";
import { asQuery, type AuditSearch } from "./search";

export const audit = (search: AuditSearch, zone: string) =>
  infiniteQueryOptions({
    queryKey: ["audit", search, zone],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/audit", { query: { ...asQuery(search, zone), cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const auditChoices = queryOptions({
  queryKey: ["audit-choices"],
  queryFn: ({ signal }) => call("GET", "/audit/choices", { signal }),
});
export const exportUrl = (search: AuditSearch, zone: string) =>
  urlOf("/audit/export.csv", { query: asQuery(search, zone) });
export const auditRetention = queryOptions({
  queryKey: ["audit-retention"],
  queryFn: ({ signal }) => call("GET", "/audit/retention", { signal }),
});
export const useSetAuditRetention = () =>
  useChange([["audit-retention"], ["audit"], ["audit-choices"]], (retention: Body<"PUT", "/audit/retention">) =>
    call("PUT", "/audit/retention", { body: retention }),
  );
