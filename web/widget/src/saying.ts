import { emptyConversation } from "@yingda/api/conversation";
import { newId } from "@yingda/api/ids";
import type { Lang, PageContext, SendBody } from "@yingda/api/types";
import { connect, known, refreshPending, setKnown, stream } from "./connection";
import { firstMessage } from "./kept";
import { isClosed, openLeft } from "./leaving";
import { coming, forgetProduct, untold } from "./products";
import { lang } from "./text";
import { ui } from "./ui";

/** What the customer says and asks for. */

/** the page that a conversation begins on */
let page: PageContext | undefined;

export const setPage = (p: PageContext | undefined): void => {
  if (p) page = p;
};

/** Begins a conversation that the server does not know yet. */
export function fresh(): void {
  ui.c = emptyConversation(newId("cnv"));
  setKnown(false);
  forgetProduct();
}

export function say(body: SendBody): void {
  if (coming) return void coming.then(() => say(body));
  if (!ui.c.id || ui.c.state === "closed") fresh();
  connect();
  firstMessage();
  const id = ui.c.id;
  if (!id || !stream) return;
  const { product } = ui;
  const open = known
    ? undefined
    : { lang: lang as Lang, ...(product ? { product: product.id } : {}), ...(page ? { page } : {}) };
  const news = untold();
  if (news && known && body.type !== "product") stream.send(id, { type: "product", product: news.id });
  stream.send(id, body, open);
  ui.follow = true;
  refreshPending();
}

/** Asks for a human agent or, if none is available, opens the form for a message that one will answer. */
export const askHuman = (): void => (isClosed() ? openLeft() : say({ type: "request_human", via: "button" }));

/** Says whether an answer of the bot helped. */
export function judge(answer: number, helpful: boolean): void {
  if (!ui.c.id || !known) return;
  stream?.send(ui.c.id, { type: "judge_answer", answer, helpful });
  refreshPending();
}

export function resend(...ids: string[]): void {
  stream?.resend(...ids);
  refreshPending();
}
