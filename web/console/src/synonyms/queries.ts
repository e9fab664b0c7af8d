import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { type Body, urlOf } from "@yingda/api/operations";
import type { Lang } from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { SynonymsSearch } from "./search";

/** The key prefix of everything about synonyms; a push about the knowledge makes all of it stale. */
export const synonymsKey = ["knowledge", "synonyms"] as const;
const meaningsKey = ["knowledge", "meanings"] as const;

export const synonyms = ({ q, lang, shared }: SynonymsSearch) =>
  infiniteQueryOptions({
    queryKey: [...synonymsKey, "list", q ?? "", lang ?? "", shared ?? false],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/knowledge/synonyms", { query: { q, lang, shared, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
/** One group as it is now; null if it was deleted. */
export const currentGroup = (id: string) =>
  call("GET", "/knowledge/synonyms/{id}", { path: { id } }).catch((error: { code?: string }) => {
    if (error.code === "not_found") return null;
    throw error;
  });
/** How the bot reads a sentence. */
export const meanings = (text: string, lang: Lang) =>
  queryOptions({
    queryKey: [...meaningsKey, text, lang],
    queryFn: ({ signal }) => call("GET", "/knowledge/meanings", { query: { text, lang }, signal }),
    placeholderData: (before) => before,
  });

const stale = [synonymsKey, meaningsKey];
export const useCreateSynonyms = () =>
  useChange(stale, (body: Body<"POST", "/knowledge/synonyms">) => call("POST", "/knowledge/synonyms", { body }));
/** `seen` is the version the change is based on; the server refuses it with `conflict` if someone else was faster. */
export const useUpdateSynonyms = () =>
  useChange(stale, ({ id, ...body }: { id: string } & Body<"PATCH", "/knowledge/synonyms/{id}">) =>
    call("PATCH", "/knowledge/synonyms/{id}", { path: { id }, body }),
  );
export const useDeleteSynonyms = () =>
  useChange(stale, (id: string) => call("DELETE", "/knowledge/synonyms/{id}", { path: { id } }));
export const useImportSynonyms = () =>
  useChange(stale, ({ file, apply }: { file: Blob; apply: boolean }) =>
    call("POST", "/knowledge/synonyms-import", { query: { apply }, file }),
  );
export const exportUrl = urlOf("/knowledge/synonyms-export.csv");
