import { useCallback, useEffect, useRef, useState } from "react";
import { faultOf, upload } from "./upload";

/** A file being uploaded into a conversation; if it fails, it stays in place with the reason. */
export interface Uploading {
  key: string;
  /** the id of the send whose place it has; null if it cannot be sent */
  clientId: string | null;
  conversation: string;
  name: string;
  share: number;
  code: string | null;
  retry: (() => void) | null;
  remove(): void;
}

const again = new Set(["network", "busy", "internal", "too_many_requests"]);

/** Where the places of files are kept: what is said after a file that is on its way waits for it. */
export interface Places {
  chosen(conversation: string, name: string): string;
  uploaded(conversation: string, clientId: string, file: string | null): void;
  drop(conversation: string, clientId: string): void;
}

export function useUploads(places: Places) {
  const [list, setList] = useState<readonly Uploading[]>([]);
  const running = useRef(new Map<string, () => void>());
  useEffect(() => {
    const all = running.current;
    const ask = (event: BeforeUnloadEvent) => {
      if (all.size > 0) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
      for (const cancel of all.values()) cancel();
    };
  }, []);

  const add = useCallback(
    (conversation: string, files: Iterable<File>) => {
      const patch = (key: string, change: Partial<Uploading>) =>
        setList((before) => before.map((one) => (one.key === key ? { ...one, ...change } : one)));
      const take = (key: string) => {
        running.current.get(key)?.();
        running.current.delete(key);
        setList((before) => before.filter((one) => one.key !== key));
      };
      const begin = (key: string, file: File): Partial<Uploading> => {
        const clientId = places.chosen(conversation, file.name);
        const task = upload(file, (share) => patch(key, { share }));
        running.current.set(key, task.cancel);
        task.done.then(
          ({ id }) => {
            running.current.delete(key);
            take(key);
            places.uploaded(conversation, clientId, id);
          },
          (code: string) => {
            running.current.delete(key);
            places.uploaded(conversation, clientId, null);
            // Tried again, it comes after what was said meanwhile.
            const retry = () => {
              places.drop(conversation, clientId);
              patch(key, begin(key, file));
            };
            if (code !== "cancelled") patch(key, { code, retry: again.has(code) ? retry : null });
          },
        );
        const remove = () => {
          take(key);
          places.drop(conversation, clientId);
        };
        return { clientId, share: 0, code: null, retry: null, remove };
      };
      for (const file of files) {
        const key = crypto.getRandomValues(new Uint32Array(2)).join("-");
        const code = faultOf(file);
        const refused = { clientId: null, share: 0, code, retry: null, remove: () => take(key) };
        const one: Uploading = { key, conversation, name: file.name, ...refused, ...(code ? {} : begin(key, file)) };
        setList((before) => [...before, one]);
      }
    },
    [places],
  );

  return { list, add };
}
