import { connect, drop, stream } from "./connection";
import { fresh, say } from "./saying";
import { draw, ui, type Upload } from "./ui";
import { files } from "./view/lazy";

/** The maximum file size the server accepts, in bytes. */
const LARGEST = 20 * 1024 * 1024;

export function addFiles(list: Iterable<File>): void {
  for (const file of list) {
    const u: Upload = { file, progress: 0, cancel: () => undefined };
    ui.uploads.push(u);
    void send(u);
  }
  ui.follow = true;
}

export async function send(u: Upload): Promise<void> {
  delete u.code;
  if (u.file.size > LARGEST) u.code = "file_large";
  else if (!u.file.size) u.code = "upload_empty";
  draw();
  if (u.code) return;
  if (!ui.c.id) fresh();
  connect();
  u.id ??= stream?.chosen(ui.c.id as string, u.file.name);
  try {
    const { upload } = await files.load().catch(() => Promise.reject("network"));
    if (!ui.uploads.includes(u)) return;
    const card = await upload(u, draw);
    if (!ui.uploads.includes(u)) return;
    unload(u);
    say({ type: "file", file: card.id });
  } catch (code) {
    u.code = String(code);
    draw();
  }
}
/** Removes a file, however far its upload has come. */
export function unload(u: Upload): void {
  u.cancel();
  ui.uploads = ui.uploads.filter((x) => x !== u);
  drop(u.id ?? "");
}
