import { home } from "@yingda/api/home";
import { clip, close, doc } from "@yingda/tokens/icons.ts";
import { bytes } from "@yingda/api/sizes";
import type { FileCard } from "@yingda/api/types";
import { upload as send } from "@yingda/api/upload";
import type { Address } from "../ask";
import { drop, stream } from "../connection";
import { h } from "../dom";
import { token } from "../session";
import { wear } from "./sheet";
import css from "../style/files.css?inline";
import { t } from "../text";
import { draw, ui, type Upload } from "../ui";
import { Icon, Tool } from "./parts";

wear(css);

/** Local pictures of files uploaded here, and fetched ones. */
const pictures = new Map<string, string | null>();

const isPicture = (f: { mime: string }): boolean => /^image\/(png|jpeg|gif|webp)$/.test(f.mime);

/** The maximum file size the server accepts, in bytes. */
const LARGEST = 20 * 1024 * 1024;

/** Uploads a file, which is then sent; resolves with the code of why it is not. */
export async function upload(u: Upload): Promise<string | undefined> {
  const { size } = u.file;
  if (size > LARGEST) return "too_large";
  if (!size) return "upload_empty";
  const isWanted = () => ui.uploads.includes(u) || drop(u.id as string);
  try {
    const bearer = await token(false).catch(() => Promise.reject("network"));
    if (!isWanted()) return;
    const address: Address = `/api/v1/widget/files?name=${encodeURIComponent(u.file.name || "image.png")}`;
    const sent = send(home + address, u.file, { Authorization: `Bearer ${bearer}` }, (share) => {
      u.progress = Math.floor(100 * share);
      draw();
    });
    u.cancel = sent.cancel;
    const card = await sent.done;
    if (!isWanted()) return;
    ui.cards.set(card.id, card);
    if (isPicture(card)) pictures.set(card.id, URL.createObjectURL(u.file));
    ui.uploads = ui.uploads.filter((x) => x !== u);
    stream?.uploaded(u.id as string, card.id);
    return;
  } catch (code) {
    return String(code);
  }
}

async function fetchFile(id: string): Promise<string> {
  const r = await fetch(home + (`/api/v1/files/${id}` satisfies Address), {
    headers: { Authorization: `Bearer ${await token(false)}` },
  });
  if (!r.ok) throw new Error(String(r.status));
  return URL.createObjectURL(await r.blob());
}

/** The picture's blob URL, or null while it is being fetched; a failed one can be requested again. */
function picture(id: string, changed: () => void): string | null {
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

/** Lets the browser save a file. */
async function save(card: FileCard): Promise<void> {
  const a = document.createElement("a");
  a.href = pictures.get(card.id) ?? (await fetchFile(card.id));
  a.download = card.name;
  a.click();
}

/** A file in the log: a picture to look at, anything else to save. */
export function File({ card }: { card: FileCard }) {
  if (!isPicture(card))
    return (
      <button class="file" aria-label={t("file.save", { name: card.name })} onClick={() => void save(card)}>
        <Icon d={doc} />
        <span class="grow" dir="auto">
          {card.name}
          <small>{bytes(card.size)}</small>
        </span>
      </button>
    );
  const url = picture(card.id, draw);
  const open = () => {
    if (url) ui.picture = { url, name: card.name };
    draw();
  };
  return (
    <button class="shot" aria-label={t("file.open", { name: card.name })} onClick={open}>
      {url ? (
        <img src={url} alt={card.name} width={card.width} height={card.height} onLoad={draw} />
      ) : (
        <Icon d={clip} />
      )}
    </button>
  );
}

export function Viewer({ url, name }: { url: string; name: string }) {
  const away = () => {
    ui.picture = null;
    draw();
  };
  return (
    <div class="viewer" role="dialog" aria-modal="true" aria-label={name} onClick={away}>
      <img src={url} alt={name} />
      <Tool d={close} label={t("chat.close")} press={away} />
    </div>
  );
}
