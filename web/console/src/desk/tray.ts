import { useCallback, useEffect, useMemo, useRef } from "react";
import { forgotten } from "../lib/session";
import { createStore, useStore } from "../lib/store";
import { faultOf, upload } from "./upload";

/** A file attached to a draft. */
export interface Attached {
  key: string;
  /** null if it was uploaded before and came back with its note */
  file: File | null;
  /** the URL of its preview, if it is a picture */
  url: string | null;
  /** its id, once it is uploaded */
  id: string | null;
  /** the share uploaded so far, while it is uploading */
  share: number | null;
  /** why it cannot be sent */
  code: string | null;
}

/** The maximum number of files the server accepts with one note. */
const filesAtMost = 10;
const shown = /^image\/(png|jpeg|gif|webp)$/;
const none: readonly Attached[] = [];

/** Files that were attached and not sent, by draft. They last as long as the page, because a browser does not store files. */
const trays = createStore<ReadonlyMap<string, readonly Attached[]>>(new Map());
forgotten.subscribe(() => trays.set(new Map()));
// Files are kept in this page alone: another conversation finds them here again, a reload does not.
addEventListener("beforeunload", (event) => {
  if ([...trays.get().values()].some((list) => list.some(({ file }) => file !== null))) event.preventDefault();
});
const put = (draft: string, change: (before: readonly Attached[]) => readonly Attached[]) =>
  trays.set((before) => new Map(before).set(draft, change(before.get(draft) ?? none)));

const newKey = () => crypto.getRandomValues(new Uint32Array(2)).join("-");

export interface Tray {
  list: readonly Attached[];
  /** a file cannot be sent: it has to be removed or retried */
  blocked: boolean;
  uploading: boolean;
  add(files: Iterable<File>): void;
  /** adds files that were uploaded before */
  bring(ids: readonly string[]): void;
  remove(key: string): void;
  clear(): void;
  /** Uploads the remaining files; returns all ids, or null if one could not be uploaded. */
  upload(): Promise<string[] | null>;
}

/** The files attached to one draft. Leaving the draft stops its uploads, but the files stay attached. */
export function useTray(draft: string): Tray {
  const list = useStore(trays).get(draft) ?? none;
  const running = useRef(new Map<string, () => void>());

  const patch = useCallback(
    (key: string, change: Partial<Attached>) =>
      put(draft, (before) => before.map((one) => (one.key === key ? { ...one, ...change } : one))),
    [draft],
  );
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const cancel of all.values()) cancel();
      all.clear();
    };
  }, [draft]);

  return useMemo(() => {
    const remove = (keys: readonly string[]) => {
      for (const one of trays.get().get(draft) ?? none) {
        if (!keys.includes(one.key)) continue;
        running.current.get(one.key)?.();
        if (one.url) URL.revokeObjectURL(one.url);
      }
      put(draft, (before) => before.filter((one) => !keys.includes(one.key)));
    };
    const uploadOne = async (one: Attached): Promise<string | null> => {
      if (one.id !== null || one.file === null) return one.id;
      const task = upload(one.file, (share) => patch(one.key, { share }));
      running.current.set(one.key, task.cancel);
      patch(one.key, { share: 0, code: null });
      try {
        const { id } = await task.done;
        patch(one.key, { id, share: null });
        return id;
      } catch (code) {
        patch(one.key, { share: null, code: code === "cancelled" ? null : String(code) });
        return null;
      } finally {
        running.current.delete(one.key);
      }
    };
    return {
      list,
      blocked: list.some((one) => one.file !== null && (faultOf(one.file) !== null || one.code === "too_many_files")),
      uploading: list.some((one) => one.share !== null),
      add: (files) =>
        put(draft, (before) => {
          const added = [...files].map(
            (file, at): Attached => ({
              key: newKey(),
              file,
              url: shown.test(file.type) ? URL.createObjectURL(file) : null,
              id: null,
              share: null,
              code: faultOf(file) ?? (before.length + at >= filesAtMost ? "too_many_files" : null),
            }),
          );
          return [...before, ...added];
        }),
      bring: (ids) =>
        put(draft, (before) => [
          ...ids.map((id): Attached => ({ key: newKey(), file: null, url: null, id, share: null, code: null })),
          ...before,
        ]),
      remove: (key) => remove([key]),
      clear: () => remove(list.map((one) => one.key)),
      upload: async () => {
        const ids = await Promise.all(list.map(uploadOne));
        return ids.every((id) => id !== null) ? ids : null;
      },
    };
  }, [draft, list, patch]);
}
