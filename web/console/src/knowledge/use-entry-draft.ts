import { useQueryClient } from "@tanstack/react-query";
import type { EntryTexts, KnowledgeEntry } from "@yingda/api/types";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { isProblem, useProblemText } from "../lib/problem";
import { readAgain } from "../lib/read-again";
import { entry as entryQuery, knowledgeKey, patchEntry, renewDraft } from "./queries";
import { sameTexts } from "./texts";

/** How long after the last keystroke the draft is saved, in milliseconds. */
const pause = 900;
/** How long after a failed save it is retried, in milliseconds. */
const anew = 3000;

export type Saving = "saved" | "dirty" | "saving" | "failed";

/** The last changes are not lost when a different entry is opened. */
function useSavedOnLeaving(
  now: RefObject<{ base: KnowledgeEntry; texts: EntryTexts }>,
  writing: RefObject<Promise<unknown>>,
) {
  const queryClient = useQueryClient();
  useEffect(
    () => () => {
      void writing.current.then(async () => {
        const { base: before, texts: written } = now.current;
        if (sameTexts(written, before.draft)) return;
        await patchEntry(before.id, written, before.updated_at).catch(() => undefined);
        await renewDraft(queryClient);
      });
    },
    [queryClient, now, writing],
  );
}

/** The draft of an entry while it is edited: it saves itself, and notices what somebody else saved in the meantime. */
export function useEntryDraft(entry: KnowledgeEntry) {
  const text = useProblemText();
  const queryClient = useQueryClient();
  const [base, setBase] = useState(entry);
  const [texts, setTexts] = useState<EntryTexts>(entry.draft);
  const [saving, setSaving] = useState<Saving>("saved");
  const [fault, setFault] = useState<{ field: string; text: string } | null>(null);
  const [other, setOther] = useState<KnowledgeEntry | null>(null);
  const now = useRef({ base, texts, other });
  useEffect(() => {
    now.current = { base, texts, other };
  });
  // Writes run one after the other: each is based on the result of the previous one.
  const writing = useRef<Promise<unknown>>(Promise.resolve());

  // What someone else saved is adopted immediately if we have no unsaved changes. What arrives during
  // a write of ours may be that write's own result, and is looked at once the write is answered.
  useEffect(() => {
    if (saving === "saving") return;
    if (entry.updated_at <= base.updated_at) {
      if (entry.updated_at === base.updated_at && entry !== base) setBase(entry);
      return;
    }
    if (sameTexts(texts, base.draft)) {
      setBase(entry);
      setTexts(entry.draft);
    } else if (!sameTexts(entry.draft, base.draft)) setOther(entry);
    else setBase(entry);
  }, [entry, base, texts, saving]);

  const write = useCallback(
    async (change: Partial<EntryTexts>, seen: KnowledgeEntry) => {
      setSaving("saving");
      try {
        const saved = await patchEntry(entry.id, change, seen.updated_at);
        now.current = { ...now.current, base: saved };
        setBase(saved);
        setFault(null);
        // What was typed during the write is not saved yet.
        setSaving(sameTexts(now.current.texts, { ...seen.draft, ...change }) ? "saved" : "dirty");
        queryClient.setQueryData(entryQuery(entry.id).queryKey, saved);
        void readAgain(queryClient, {
          queryKey: knowledgeKey,
          predicate: (query) => !["entry", "unanswered", "versions"].includes(query.queryKey[1] as string),
        });
        return true;
      } catch (error) {
        setSaving("failed");
        if (isProblem(error, "conflict"))
          setOther(await queryClient.fetchQuery({ ...entryQuery(entry.id), staleTime: 0 }).catch(() => null));
        else setFault({ field: isProblem(error) ? (error.field ?? "") : "", text: text(error) });
        // A write that was not refused, but did not reach the server, is retried automatically.
        if (isProblem(error, "busy") || isProblem(error, "network"))
          setTimeout(() => setSaving((state) => (state === "failed" ? "dirty" : state)), anew);
        return false;
      }
    },
    [entry.id, queryClient, text],
  );

  const save = useCallback(() => {
    const done = writing.current.then(() => {
      const { base: before, texts: written, other: newer } = now.current;
      if (newer) return false;
      return sameTexts(written, before.draft) || write(written, before);
    });
    writing.current = done;
    return done;
  }, [write]);
  /** Writes this after the write in progress, based on its result. */
  const replace = (change: EntryTexts) => {
    writing.current = writing.current.then(() => write(change, now.current.base));
  };

  useEffect(() => {
    if (saving !== "dirty") return;
    const timer = setTimeout(() => void save(), pause);
    return () => clearTimeout(timer);
  }, [saving, texts, save]);
  useSavedOnLeaving(now, writing);

  const set = (change: EntryTexts) => {
    setTexts(change);
    setFault(null);
    setSaving("dirty");
  };
  const adopt = (theirs: KnowledgeEntry) => {
    setBase(theirs);
    setTexts(theirs.draft);
    setOther(null);
    setSaving("saved");
  };
  const keepMine = (theirs: KnowledgeEntry) => {
    now.current = { ...now.current, base: theirs, other: null };
    setBase(theirs);
    setOther(null);
    replace(texts);
  };
  /** Takes back that the entry is to be removed. */
  const restore = () =>
    void patchEntry(entry.id, { removed: false }, base.updated_at).then(
      (back) => {
        adopt(back);
        return renewDraft(queryClient);
      },
      (error: unknown) => setFault({ field: "", text: text(error) }),
    );
  /** Goes back to the texts that are live. */
  const discard = (live: EntryTexts) => {
    setTexts(live);
    replace(live);
  };
  return { base, texts, saving, fault, other, set, save, adopt, keepMine, restore, discard };
}
