import { urlOf } from "@yingda/api/operations";
import type { UploadedFile } from "@yingda/api/types";

export const largestFile = 20 * 1024 * 1024;

/** Why a file cannot be sent, determined before sending it. */
export function faultOf(file: Pick<File, "size">): "too_large" | "upload_empty" | null {
  if (file.size > largestFile) return "too_large";
  return file.size === 0 ? "upload_empty" : null;
}

export interface Upload {
  done: Promise<UploadedFile>;
  cancel(): void;
}

/** Sends the raw bytes and reports progress. Rejects with the code of the refusal. */
export function upload(file: File, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<UploadedFile>((resolve, reject: (code: string) => void) => {
    request.open("POST", urlOf("/files", { query: { name: file.name } }));
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const body = request.response as (UploadedFile & { code?: string }) | null;
      if (request.status === 201 && body) resolve(body);
      else reject(typeof body?.code === "string" ? body.code : "internal");
    };
    request.onerror = () => reject("network");
    request.onabort = () => reject("cancelled");
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
