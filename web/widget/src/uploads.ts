import { drop, refreshPending, stream } from "./connection";
import { say } from "./saying";
import { ui, type Upload } from "./ui";
import { files } from "./view/lazy";

export function addFiles(list: Iterable<File>): void {
  for (const file of list) {
    const u: Upload = { file, progress: 0, cancel: () => undefined };
    ui.uploads.push(u);
    void send(u);
  }
  ui.follow = true;
}

/** Uploads a file and sends it in its place. Tried again, it comes after what was said meanwhile. */
export async function send(u: Upload): Promise<void> {
  delete u.code;
  drop(u.id ?? "");
  await say(u);
  u.code = await files.load().then(
    (part) => part.upload(u),
    () => (ui.status?.state === "live" ? "internal" : "network"),
  );
  if (u.code) stream?.uploaded(u.id as string, null);
  refreshPending();
}
/** Removes a file, however far its upload has come. */
export function unload(u: Upload): void {
  u.cancel();
  ui.uploads = ui.uploads.filter((x) => x !== u);
  drop(u.id ?? "");
}
