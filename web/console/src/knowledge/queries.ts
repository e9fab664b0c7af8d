import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body, Query } from "@yingda/api/operations";
import type {
  Asked,
  Bilingual,
  EntryTexts,
  KnowledgeCategory,
  KnowledgeTest,
  Lang,
  LearningReason,
  SuspectPhrasing,
  SuspectPhrasings,
  UnansweredQuestions,
} from "@yingda/api/types";
import { allPages } from "../lib/all-pages";
import { useChange as useChangeOf, type ChangeOptions } from "../lib/mutations";
import { readAgain } from "../lib/read-again";

/** The key prefix of everything about the knowledge; a publication makes all of it stale. */
export const knowledgeKey = ["knowledge"] as const;
/** What depends on customers' questions, and what does not. */
const asks: readonly unknown[] = ["overview", "unanswered"];
const writes = (name: unknown) => name !== "unanswered" && name !== "versions";
const searches = (name: unknown) => name === "suspects";
const compares = (name: unknown) => name === "yesterday";
/** Refetches what a change of the draft, its test set or its categories makes stale. */
export const renewDraft = (queryClient: QueryClient) =>
  readAgain(queryClient, { queryKey: knowledgeKey, predicate: (query) => writes(query.queryKey[1]) });
/** How often the progress of a running check is requested, in milliseconds. */
const soon = 400;

type Listed = Omit<Query<"GET", "/knowledge/entries">, "cursor" | "ids">;
/** How the list of entries is narrowed and sorted; empty where it is not. */
export type EntryFilter = { [K in keyof Listed]-?: Listed[K] | "" };

export const overview = queryOptions({
  queryKey: [...knowledgeKey, "overview"],
  queryFn: ({ signal }) => call("GET", "/knowledge", { signal }),
  refetchInterval: (query) => (query.state.data?.run?.state === "running" ? soon : false),
});
export const entries = (filter: EntryFilter) =>
  infiniteQueryOptions({
    queryKey: [...knowledgeKey, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/knowledge/entries", { query: { ...filter, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
/** The most entries that the server names at once. */
const mostNamed = 50;
/** What entries are called; of one that is gone, nothing. */
export const named = (ids: readonly string[]) => {
  const each = [...new Set(ids)].sort();
  return queryOptions({
    queryKey: [...knowledgeKey, "names", each],
    queryFn: async ({ signal }) => {
      const parts = Array.from({ length: Math.ceil(each.length / mostNamed) }, (_, at) =>
        each.slice(at * mostNamed, (at + 1) * mostNamed).join(","),
      );
      const pages = await Promise.all(
        parts.map((part) => call("GET", "/knowledge/entries", { query: { ids: part }, signal })),
      );
      return pages.flatMap(({ items }) => items);
    },
    placeholderData: keepPreviousData,
  });
};
/** Entries to choose from: the first of those that the words are found in, unless the next publication removes them. */
export const foundByWords = (q: string) =>
  queryOptions({
    queryKey: [...knowledgeKey, "found", q],
    queryFn: async ({ signal }) =>
      (await call("GET", "/knowledge/entries", { query: { q }, signal })).items.filter(
        ({ state }) => state !== "removed",
      ),
  });
/** The same among those that the bot answers with now. */
export const publishedByWords = (q: string) =>
  queryOptions({
    queryKey: [...knowledgeKey, "published", q],
    queryFn: async ({ signal }) =>
      (await call("GET", "/knowledge/entries", { query: { q }, signal })).items.filter(
        ({ state }) => state !== "removed" && state !== "new",
      ),
  });
export const entry = (id: string) =>
  queryOptions({
    queryKey: [...knowledgeKey, "entry", id],
    queryFn: ({ signal }) => call("GET", "/knowledge/entries/{id}", { path: { id }, signal }),
  });
export const testSet = queryOptions({
  queryKey: [...knowledgeKey, "tests"],
  queryFn: ({ signal }) => allPages((cursor) => call("GET", "/knowledge/tests", { query: { cursor }, signal })),
});
export const versions = queryOptions({
  queryKey: [...knowledgeKey, "versions"],
  queryFn: ({ signal }) => call("GET", "/knowledge/versions", { signal }),
});
/** Questions that the bot can learn from; `asked` is the place of one whose group comes first. */
export const unanswered = (reason?: LearningReason, asked?: string) =>
  infiniteQueryOptions({
    queryKey: [...knowledgeKey, "unanswered", "list", reason ?? "", asked ?? ""],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/knowledge/unanswered", { query: { reason, asked, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const unansweredCount = queryOptions({
  queryKey: [...knowledgeKey, "unanswered", "count"],
  queryFn: ({ signal }) => call("GET", "/knowledge/unanswered/count", { signal }),
});
/** Of those of a stretch of time, the questions to which the bot had no answer. */
export const missedBetween = (from: number, to: number) =>
  queryOptions({
    queryKey: [...knowledgeKey, "unanswered", from, to],
    queryFn: ({ signal }) => call("GET", "/knowledge/unanswered", { query: { from, to, missed: true }, signal }),
  });
export const suspects = queryOptions({
  queryKey: [...knowledgeKey, "suspects"],
  queryFn: ({ signal }) => call("GET", "/knowledge/suspects", { signal }),
  refetchInterval: (query) => (query.state.data?.run?.state === "running" ? soon : false),
});
export const yesterday = queryOptions({
  queryKey: [...knowledgeKey, "yesterday"],
  queryFn: ({ signal }) => call("GET", "/knowledge/yesterday", { signal }),
  refetchInterval: (query) => (query.state.data?.run?.state === "running" ? soon : false),
});
export const changes = (from: string, to: string) =>
  infiniteQueryOptions({
    queryKey: [...knowledgeKey, "changes", from, to],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/knowledge/changes", { query: { from, to, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const tried = (text: string, lang: Lang, revision: number) =>
  queryOptions({
    queryKey: [...knowledgeKey, "try", text, lang, revision],
    queryFn: ({ signal }) => call("GET", "/knowledge/try", { query: { text, lang }, signal }),
    placeholderData: (before) => before,
  });
export const similar = (text: string, except: string) =>
  queryOptions({
    queryKey: ["knowledge-similar", text, except],
    queryFn: ({ signal }) => call("GET", "/knowledge/similar", { query: { text, except }, signal }),
    staleTime: 60_000,
  });

export type EntryChange = Partial<EntryTexts> & { removed?: boolean };

export const patchEntry = (id: string, change: EntryChange, seen: number) =>
  call("PATCH", "/knowledge/entries/{id}", {
    path: { id },
    body: { ...change, ...(change.action === null ? { action: "" } : {}), seen },
  });

/** A change of the knowledge: so much may be refetched after it that nothing waits for that. */
const useChange = <T, R>(
  mutationFn: (input: T) => Promise<R>,
  stale: (name: unknown) => boolean = writes,
  known?: ChangeOptions<T, R>["known"],
) =>
  useChangeOf(
    [{ queryKey: knowledgeKey, predicate: (query) => stale(query.queryKey[1]) }],
    mutationFn,
    known ? { known, waits: false } : { waits: false },
  );
const everything = () => true;
type UnansweredPages = InfiniteData<UnansweredQuestions, string | null>;
const without = (list: UnansweredPages, asked: readonly Asked[]): UnansweredPages => {
  const gone = new Set(asked.map((one) => `${one.conversation}.${one.seq}`));
  const stays = (group: UnansweredQuestions["items"][number]) =>
    group.asked.some((one) => !gone.has(`${one.conversation}.${one.seq}`));
  const left = list.pages.flatMap((page) => page.items).filter((group) => !stays(group)).length;
  const pages = list.pages.map((page) => ({
    ...page,
    items: page.items.filter(stays),
    groups: page.groups - left,
  }));
  return { ...list, pages };
};
const withoutPhrasing = (
  list: SuspectPhrasings,
  of: Pick<SuspectPhrasing, "entry" | "lang" | "text">,
): SuspectPhrasings => ({
  ...list,
  items: list.items.filter((one) => one.entry !== of.entry || one.lang !== of.lang || one.text !== of.text),
});

export const useCreateEntry = () =>
  useChange((fields: Body<"POST", "/knowledge/entries">) => call("POST", "/knowledge/entries", { body: fields }));
export const useDeleteEntry = () =>
  useChange((id: string) => call("DELETE", "/knowledge/entries/{id}", { path: { id } }));
export const useCreateCategory = () =>
  useChange((name: Bilingual) => call("POST", "/knowledge/categories", { body: { name } }));
export const useRenameCategory = () =>
  useChange(({ category, name }: { category: KnowledgeCategory; name: Bilingual }) =>
    call("PATCH", "/knowledge/categories/{id}", {
      path: { id: category.key },
      body: { name, seen: category.updated_at },
    }),
  );
export const useDeleteCategory = () =>
  useChange((key: string) => call("DELETE", "/knowledge/categories/{id}", { path: { id: key } }));
export type TestFields = Pick<KnowledgeTest, "sentence" | "lang" | "expected">;
export const useCreateTest = () => useChange((test: TestFields) => call("POST", "/knowledge/tests", { body: test }));
export const useUpdateTest = () =>
  useChange(
    ({ test, fields }: { test: KnowledgeTest; fields: TestFields }) =>
      call("PUT", "/knowledge/tests/{id}", { path: { id: test.id }, body: { ...fields, seen: test.updated_at } }),
    writes,
    (queryClient, changed) =>
      queryClient.setQueryData(
        testSet.queryKey,
        (before) => before && { items: before.items.map((one) => (one.id === changed.id ? changed : one)) },
      ),
  );
export const useDeleteTest = () => useChange((id: string) => call("DELETE", "/knowledge/tests/{id}", { path: { id } }));
export const useCheck = () =>
  useChange(
    () => call("POST", "/knowledge/evaluations"),
    writes,
    (queryClient, run) => queryClient.setQueryData(overview.queryKey, (before) => before && { ...before, run }),
  );
export const usePublish = () =>
  useChange((body: Body<"POST", "/knowledge/publish">) => call("POST", "/knowledge/publish", { body }), everything);
export const useRestore = () =>
  useChange((number: number) => call("POST", "/knowledge/versions/{number}/restore", { path: { number } }), everything);
export const useSettle = () =>
  useChange(
    (body: Body<"POST", "/knowledge/unanswered/settle">) => call("POST", "/knowledge/unanswered/settle", { body }),
    (name) => asks.includes(name),
    (queryClient, _, { asked, settled }) => {
      if (settled !== "open")
        queryClient.setQueriesData<UnansweredPages>(
          { queryKey: [...knowledgeKey, "unanswered", "list"] },
          (before) => before && without(before, asked),
        );
    },
  );
export const useSearchSuspects = () =>
  useChange(
    () => call("POST", "/knowledge/suspects/search"),
    searches,
    (queryClient, run) => queryClient.setQueryData(suspects.queryKey, (before) => before && { ...before, run }),
  );
export const useSettleSuspect = () =>
  useChange(
    (body: Body<"POST", "/knowledge/suspects/settle">) => call("POST", "/knowledge/suspects/settle", { body }),
    writes,
    (queryClient, _, { entry, lang, text, settled }) => {
      // What is taken back is listed again, and may have been fetched already.
      if (settled === "keep" || settled === "move" || settled === "remove")
        queryClient.setQueryData(
          suspects.queryKey,
          (before) => before && withoutPhrasing(before, { entry, lang, text }),
        );
    },
  );
export const useCompareYesterday = () =>
  useChange(
    () => call("POST", "/knowledge/yesterday"),
    compares,
    (queryClient, run) => queryClient.setQueryData(yesterday.queryKey, (before) => before && { ...before, run }),
  );
export const useImport = () =>
  useChange(({ file, apply }: { file: Blob; apply: boolean }) =>
    call("POST", "/knowledge/import", { query: { apply }, file }),
  );
