import type { AnyCode } from "./client";
import type { FileCard } from "./types";

/** How long an upload may seem to stand still, in milliseconds: a slow line may take that long for what the browser has already handed over. */
const STILL = 120_000;

/** A file on its way to the server. */
export interface Upload {
  /** the stored file; rejects with the code of why it is not stored, or `cancelled` */
  done: Promise<FileCard>;
  cancel(): void;
}

/** Sends the bytes of a file to an address, with these headers besides its type, and reports the share that has arrived, from 0 to 1. */
export function upload(
  url: string,
  file: File,
  headers: Record<string, string>,
  onProgress: (share: number) => void,
): Upload {
  const request = new XMLHttpRequest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = new Promise<FileCard>((resolve, reject: (code: AnyCode | "cancelled") => void) => {
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reject("network");
        request.abort();
      }, STILL);
    };
    request.open("POST", url);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ "Content-Type": file.type || "application/octet-stream", ...headers }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      wait();
      onProgress(event.loaded / (event.total || 1));
    };
    request.onload = () => {
      const { status } = request;
      const body = request.response as Partial<FileCard & { code: AnyCode }> | null;
      if (status === 201 && isCard(body)) resolve(body);
      // What names no code is not of our server: something on the way has answered in its place.
      else reject(body?.code ?? (status === 413 ? "too_large_on_the_way" : status === 201 ? "network" : "internal"));
    };
    request.onerror = () => reject("network");
    request.onabort = () => reject("cancelled");
    wait();
    request.send(file);
  }).finally(() => clearTimeout(timer));
  return { done, cancel: () => request.abort() };
}

const isCard = (body: Partial<FileCard> | null): body is FileCard =>
  typeof body?.id === "string" && typeof body.name === "string";
