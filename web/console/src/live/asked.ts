import type { Pending } from "@yingda/api/unsent";

/**
 * How long somebody waits for the answer to a send, in milliseconds: by then the stream has given up a connection that does not answer. While a file is uploading in the
 * conversation, what is said waits behind it, and so does this.
 */
const patience = 10_000;

/** Nobody knows yet whether it is stored; the stream sends it again. */
export const unanswered = "unanswered";
/** It was deleted before it was sent. */
export const dropped = "dropped";

interface Waiting {
  conversation: string;
  answer(code: string | null): void;
}

/** Who waits for the answer to a send: null once it is stored, or why it is not. Everybody gets one, whatever becomes of the send and of the connection. */
export class Asked {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly pending: (conversation: string) => readonly Pending[],
    private readonly isUploading: (conversation: string) => boolean,
  ) {}

  wait(conversation: string, clientId: string): Promise<string | null> {
    return new Promise((resolve) => {
      const give = () => {
        if (this.isUploading(conversation)) timer = setTimeout(give, patience);
        else this.answer(clientId, unanswered);
      };
      let timer = setTimeout(give, patience);
      const answer = (code: string | null) => {
        clearTimeout(timer);
        resolve(code);
      };
      this.waiting.set(clientId, { conversation, answer });
      this.look();
    });
  }

  has(clientId: string): boolean {
    return this.waiting.has(clientId);
  }

  answer(clientId: string, code: string | null) {
    const one = this.waiting.get(clientId);
    this.waiting.delete(clientId);
    one?.answer(code);
  }

  /** Answers where the unsent ones tell it: what is not among them is stored, as its entry showed, and what has a code is not sent. */
  look() {
    for (const [clientId, { conversation }] of this.waiting) {
      const send = this.pending(conversation).find((one) => one.client_id === clientId);
      if (!send || send.code) this.answer(clientId, send?.code ?? null);
    }
  }

  /** The connection is lost. */
  lose() {
    for (const clientId of this.waiting.keys()) this.answer(clientId, unanswered);
  }
}
