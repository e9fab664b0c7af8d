import { call } from "@yingda/api/client";
import type { Contact, MaskedContact } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useProblemText } from "./problem";
import { useRevealed } from "./revealed";
import { may, useMe } from "./session";

/** How long a contact stays revealed, in milliseconds. */
const SHOWN_MS = 30_000;

interface Masked {
  masked: string;
  /** Asks for it in the clear; null if it is gone. */
  ask(): Promise<string | null>;
}

interface OfConversation {
  /** The conversation that leads to the contact. */
  conversation: string;
  kind: Contact;
  from: MaskedContact["from"];
  /** The number of the message it was left with; null if it was not left with one. */
  seq: number | null;
}

const askInConversation =
  ({ conversation, kind, from, seq }: OfConversation) =>
  async () => {
    const { contacts } = await call("POST", "/conversations/{id}/contacts/reveal", {
      path: { id: conversation },
      body: { kind },
    });
    return contacts.find((one) => one.from === from && one.seq === seq)?.text ?? null;
  };

/** A contact that is masked, with a button that shows it for half a minute to whoever may reveal contacts. */
function MaskedText({ masked, ask }: Masked) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const text = useProblemText();
  const { data, error, isPending, mutate, reset } = useRevealed(ask, SHOWN_MS);
  if (!may(me, "contacts.reveal")) return <bdi>{masked}</bdi>;
  const isShown = typeof data === "string";
  const fault = error ? text(error) : data === null ? t("contact.gone") : null;
  return (
    <span className="contact">
      <bdi aria-live="polite">{isShown ? data : masked}</bdi>{" "}
      <button
        type="button"
        className="y-text-button"
        aria-label={t(isShown ? "contact.mask.one" : "contact.show.one", { masked })}
        aria-disabled={isPending || undefined}
        onClick={() => {
          if (isShown) reset();
          else if (!isPending) mutate();
        }}
      >
        {t(isShown ? "contact.mask" : "contact.show")}
      </button>
      {fault !== null && (
        <>
          {" "}
          <span className="hot" role="alert">
            {fault}
          </span>
        </>
      )}
    </span>
  );
}

/** What is known of a customer's account. */
export function KnownContact({ conversation, contact }: { conversation: string; contact: MaskedContact }) {
  const { masked, kind, from } = contact;
  return <MaskedText key={masked} masked={masked} ask={askInConversation({ conversation, kind, from, seq: null })} />;
}

/** What is known of a customer, whatever conversation it comes from. */
export function CustomerContact({ customer, contact }: { customer: string; contact: MaskedContact }) {
  const { masked, kind, from } = contact;
  const ask = async () => {
    const { contacts } = await call("POST", "/customers/{id}/contacts/reveal", {
      path: { id: customer },
      body: { kind },
    });
    return contacts.find((one) => one.from === from)?.text ?? null;
  };
  return <MaskedText key={masked} masked={masked} ask={ask} />;
}

interface LeftContactProps {
  conversation: string;
  seq: number;
  contact: string;
  /** Its kind, if it is masked. */
  masked: Contact | undefined;
}

/** Where a customer who left a message can be reached. */
export function LeftContact({ conversation, seq, contact, masked }: LeftContactProps) {
  if (masked === undefined) return <bdi>{contact}</bdi>;
  const ask = askInConversation({ conversation, kind: masked, from: "left_message", seq });
  return <MaskedText masked={contact} ask={ask} />;
}
