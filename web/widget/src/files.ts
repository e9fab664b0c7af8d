import type { FileCard } from "@yingda/api/types";
import { token } from "./session";

export const LARGEST = 20 * 1024 * 1024;

export interface Upload {
  file: File;
  /** 0 to 100 */
  progress: number;
  /** why it was not taken */
  code?: string;
  /** under which the outbox remembers that it was chosen */
  id?: string | undefined;
  cancel(): void;
}

/** Cards and local pictures of what was uploaded here, so that a pending file has a name and a face. */
export const cards = new Map<string, FileCard>();
const pictures = new Map<string, string | null>();

export const isPicture = (f: { mime: string }): boolean => /^image\/(png|jpeg|gif|webp)$/.test(f.mime);

/** Uploads with progress; rejects with a code. */
export function upload(u: Upload, changed: () => void): Promise<FileCard> {
  return token(false).then(
    (bearer) =>
      new Promise((resolve, reject) => {
        const x = new XMLHttpRequest();
        u.cancel = () => x.abort();
        x.open("POST", `/api/v1/widget/files?name=${encodeURIComponent(u.file.name || "image.png")}`);
        x.responseType = "json";
        x.setRequestHeader("Authorization", `Bearer ${bearer}`);
        x.setRequestHeader("Content-Type", u.file.type || "application/octet-stream");
        x.upload.onprogress = (e) => {
          u.progress = Math.floor((100 * e.loaded) / (e.total || 1));
          changed();
        };
        x.onerror = () => reject("network");
        x.onload = () => {
          // null where something in between answered; the status tells enough
          const card = x.response as FileCard & { code?: string };
          if (x.status !== 201) return reject(x.status === 413 ? "file_large" : (card?.code ?? "other"));
          cards.set(card.id, card);
          if (isPicture(card)) pictures.set(card.id, URL.createObjectURL(u.file));
          resolve(card);
        };
        x.send(u.file);
      }),
    () => Promise.reject("network"),
  );
}

async function fetchFile(id: string): Promise<string> {
  const r = await fetch(`/api/v1/files/${id}`, { headers: { Authorization: `Bearer ${await token(false)}` } });
  if (!r.ok) throw new Error(String(r.status));
  return URL.createObjectURL(await r.blob());
}

/** The picture's blob URL, or null while it is on its way; a failed one may be asked for again. */
export function picture(id: string, changed: () => void): string | null {
  if (!pictures.has(id)) {
    pictures.set(id, null);
    fetchFile(id).then(
      (url) => {
        pictures.set(id, url);
        changed();
      },
      () => undefined,
    );
  }
  return pictures.get(id) ?? null;
}

/** Hands a file to the browser's own saving. */
export async function save(card: FileCard): Promise<void> {
  const a = document.createElement("a");
  a.href = pictures.get(card.id) ?? (await fetchFile(card.id));
  a.download = card.name;
  a.click();
}
