import { home } from "@yingda/api/home";
import { clip, close, doc } from "@yingda/tokens/icons.ts";
import { bytes } from "@yingda/api/sizes";
import type { FileCard } from "@yingda/api/types";
import type { Address } from "../ask";
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

/** Uploads a file and reports progress; rejects with a code. */
export function upload(u: Upload, changed: () => void): Promise<FileCard> {
  return token(false).then(
    (bearer) =>
      new Promise((resolve, reject) => {
        const x = new XMLHttpRequest();
        u.cancel = () => x.abort();
        const address: Address = `/api/v1/widget/files?name=${encodeURIComponent(u.file.name || "image.png")}`;
        x.open("POST", home + address);
        x.responseType = "json";
        x.setRequestHeader("Authorization", `Bearer ${bearer}`);
        x.setRequestHeader("Content-Type", u.file.type || "application/octet-stream");
        x.upload.onprogress = (e) => {
          u.progress = Math.floor((100 * e.loaded) / (e.total || 1));
          changed();
        };
        x.onerror = () => reject("network");
        x.onload = () => {
          // null if a proxy answered; the status says enough
          const card = x.response as FileCard & { code?: string };
          if (x.status !== 201) return reject(x.status === 413 ? "file_large" : (card?.code ?? "other"));
          ui.cards.set(card.id, card);
          if (isPicture(card)) pictures.set(card.id, URL.createObjectURL(u.file));
          resolve(card);
        };
        x.send(u.file);
      }),
    () => Promise.reject("network"),
  );
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
