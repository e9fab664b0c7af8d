import { useCallback, useEffect, useRef, useState } from "react";
import { faultOf, upload } from "./upload";

/** A file being uploaded into a conversation; if it fails, it stays in place with the reason. */
export interface Uploading {
  key: string;
  remembered: string | null;
  conversation: string;
  name: string;
  share: number;
  code: string | null;
  retry: (() => void) | null;
  remove(): void;
}

const again = new Set(["network", "internal", "too_many_requests"]);

export interface UploadEvents {
  /** Remembers that the file is not on the server yet, in case the page ends; returns the id it is remembered under. */
  chosen(conversation: string, name: string): string;
  /** The file is uploaded, or no longer wanted. */
  settled(conversation: string, remembered: string): void;
  uploaded(conversation: string, file: string): void;
}

export function useUploads(events: UploadEvents) {
  const [list, setList] = useState<readonly Uploading[]>([]);
  const running = useRef(new Map<string, () => void>());
  const told = useRef(events);
  useEffect(() => {
    told.current = events;
  });
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const cancel of all.values()) cancel();
    };
  }, []);

  const add = useCallback((conversation: string, files: Iterable<File>) => {
    const patch = (key: string, change: Partial<Uploading>) =>
      setList((before) => before.map((one) => (one.key === key ? { ...one, ...change } : one)));
    const remove = (key: string, remembered: string | null) => {
      if (remembered !== null) told.current.settled(conversation, remembered);
      running.current.get(key)?.();
      running.current.delete(key);
      setList((before) => before.filter((one) => one.key !== key));
    };
    const begin = (key: string, file: File, remembered: string) => {
      patch(key, { share: 0, code: null, retry: null });
      const task = upload(file, (share) => patch(key, { share }));
      running.current.set(key, task.cancel);
      task.done.then(
        ({ id }) => {
          running.current.delete(key);
          setList((before) => before.filter((one) => one.key !== key));
          told.current.settled(conversation, remembered);
          told.current.uploaded(conversation, id);
        },
        (code: string) => {
          running.current.delete(key);
          if (code !== "cancelled")
            patch(key, { code, retry: again.has(code) ? () => begin(key, file, remembered) : null });
        },
      );
    };
    for (const file of files) {
      const key = crypto.getRandomValues(new Uint32Array(2)).join("-");
      const code = faultOf(file);
      const remembered = code ? null : told.current.chosen(conversation, file.name);
      setList((before) => [
        ...before,
        {
          key,
          remembered,
          conversation,
          name: file.name,
          share: 0,
          code,
          retry: null,
          remove: () => remove(key, remembered),
        },
      ]);
      if (remembered !== null) begin(key, file, remembered);
    }
  }, []);

  return { list, add };
}
