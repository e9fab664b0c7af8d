import type { Tray } from "./tray";
import type { Writing } from "./use-draft";

export interface Sending {
  onReply(text: string): void;
  /** `files` are already uploaded; with files, the text may be empty */
  onNote(text: string, files: readonly string[], mentions: readonly string[]): void;
  onFiles(files: File[]): void;
}

const longest = 32 * 1024;
const sizeOf = (text: string) => new TextEncoder().encode(text).length;

/** Sends the draft that is in front with the files of its tray, and clears both. */
export function useSending(
  { mode, words, notesOnly, latest, change, setCaret, focus }: Writing,
  tray: Tray,
  { onReply, onNote, onFiles, called }: Sending & { called(text: string): string[] },
  onSent: () => void,
) {
  const tooLong = sizeOf(words) > longest;
  const ready = (words.trim() !== "" || tray.list.length > 0) && !tooLong && !tray.blocked && !tray.uploading;

  const clear = () => {
    tray.clear();
    onSent();
    // While the files were uploading, the other half of the draft may have changed.
    const now = latest.current;
    change({ ...now, [mode]: "", mode: notesOnly || now.mode !== mode ? now.mode : "reply" });
    setCaret(0);
    focus();
  };
  const send = async () => {
    if (!ready) return;
    const text = words.trim();
    if (mode === "reply") {
      if (text !== "") onReply(text);
      if (tray.list.length > 0) onFiles(tray.list.flatMap((one) => one.file ?? []));
      clear();
      return;
    }
    // A note is sent whole or not at all: its text stays here until its files are on the server.
    if (tray.list.length > 0) {
      const files = await tray.upload();
      if (files === null) return;
      onNote(text, files, called(text));
    } else onNote(text, [], called(text));
    clear();
  };
  return { ready, tooLong, send };
}
