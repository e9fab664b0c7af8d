import { urlOf } from "@yingda/api/operations";
import { type Upload, upload as send } from "@yingda/api/upload";

export const largestFile = 20 * 1024 * 1024;

/** Why a file cannot be sent, determined before sending it. */
export function faultOf(file: Pick<File, "size">): "too_large" | "upload_empty" | null {
  if (file.size > largestFile) return "too_large";
  return file.size === 0 ? "upload_empty" : null;
}

/** Sends a file of the staff. */
export const upload = (file: File, onProgress: (share: number) => void): Upload =>
  send(urlOf("/files", { query: { name: file.name } }), file, {}, onProgress);
