import { emptyConversation } from "@yingda/api/conversation";
import type { Status } from "@yingda/api/stream";
import type { FileCard, Goods, ProductCard, Site, Suggestion } from "@yingda/api/types";

export interface Upload {
  file: File;
  /** 0 to 100 */
  progress: number;
  /** why it was not accepted */
  code?: string | undefined;
  /** the id of the send whose place it has */
  id?: string | undefined;
  cancel(): void;
}

/** A product as it is fetched: with its data sheet. */
export type Looked = ProductCard & Partial<Pick<Goods, "attributes">>;

/** Everything on screen that is not part of a conversation. */
export const ui = {
  hosted: false,
  /** easy mode */
  elder: false,
  site: null as Site | null,
  /** load | site_unknown | upgrade_required | identity_required */
  trouble: null as string | null,
  status: null as Status | null,
  c: emptyConversation(),
  open: false,
  draft: "",
  /** the product the customer is looking at, if the conversation does not know it yet */
  product: null as Looked | null,
  goods: new Map<string, Looked | null>(),
  suggestions: [] as Suggestion[],
  chosen: -1,
  /** the number of the message that the next text will quote */
  quote: undefined as number | undefined,
  uploads: [] as Upload[],
  /** files that were uploaded here, so that one still on its way has a name and a preview */
  cards: new Map<string, FileCard>(),
  /** whether the form for a message to be answered later is open, or about to be, and its content */
  leaving: false as boolean | "new" | "about",
  left: { text: "", contact: "" },
  /** whether the rating of the present end was skipped */
  skipped: false,
  menu: false,
  emoji: false,
  picture: null as { url: string; name: string } | null,
  sound: false,
  scale: 100,
  /** scroll to the end at the next drawing */
  follow: true,
  /** the message that is kept in view while the size of the text changes */
  hold: undefined as Element | undefined,
  /** the product or plan that recommendations were last asked for; empty if they have to be asked for again */
  about: "",
  /** the network has just come back */
  back: false,
};

let drawing = false;
let paint: () => void = () => undefined;

export function setPaint(f: () => void): void {
  paint = f;
}
export function draw(): void {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    paint();
  });
}

/** Focuses what the customer writes into: the composer, or the form in its place. */
export const focusComposer = (): void => document.getElementById("write")?.focus();
