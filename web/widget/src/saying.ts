import { emptyConversation } from "@yingda/api/conversation";
import { newId } from "@yingda/api/ids";
import type { Lang, PageContext, SendBody } from "@yingda/api/types";
import { asking } from "./asking";
import { connect, known, refreshPending, setKnown, stream } from "./connection";
import { firstMessage } from "./kept";
import { isClosed, openLeft } from "./leaving";
import { coming, forgetProduct, untold } from "./products";
import { lang } from "./text";
import { ui, type Upload } from "./ui";

/** What the customer says and asks for. */

/** the page around us; it is told only once the customer agreed to that */
export let page: PageContext | undefined;

export const setPage = (p: PageContext | undefined): void => {
  page = p ?? page;
};

/** Begins a conversation that the server does not know yet. */
export function fresh(): void {
  ui.c = emptyConversation(newId("cnv"));
  setKnown(false);
  forgetProduct();
}

/** Says something, or keeps the place of a file that is to be uploaded. */
export async function say(body: SendBody | Upload): Promise<void> {
  while (coming) await coming;
  if (!ui.c.id || ui.c.state === "closed") fresh();
  connect();
  firstMessage();
  const id = ui.c.id;
  if (!id || !stream) return;
  const { product } = ui;
  const open = known ? undefined : { lang: lang as Lang, product: product?.id as string };
  const news = untold();
  if (news && known && (body as SendBody).type !== "product") stream.send(id, { type: "product", product: news.id });
  if ("cancel" in body) body.id = stream.chosen(id, body.file.name || "image.png", open);
  else stream.send(id, body, open);
  ui.follow = true;
  refreshPending();
}

export const request = { type: "request_human", via: "button" } as const;

const sayRequest = (): unknown => say(request);
/** Asks for a human agent, perhaps after what it is about; if none is available, opens the form for a message that one will answer. */
export const askHuman = (): unknown =>
  isClosed()
    ? openLeft()
    : ui.site?.asks_about
      ? asking.load().then((part) => part.askFirst(), sayRequest)
      : sayRequest();

/** Sends what is about something that was said, and is no message itself. */
export function tell(body: SendBody): void {
  if (!ui.c.id || !known) return;
  stream?.send(ui.c.id, body);
  refreshPending();
}

export function resend(...ids: string[]): void {
  stream?.resend(...ids);
  refreshPending();
}
