import { call } from "@yingda/api/client";
import type { Contact, MaskedContact } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useProblemText } from "./problem";
import { useRevealed } from "./revealed";
import { may, useMe } from "./session";

/** How long a contact stays revealed, in milliseconds. */
const SHOWN_MS = 30_000;

interface Masked {
  /** The conversation that leads to the contact. */
  conversation: string;
  kind: Contact;
  from: MaskedContact["from"];
  /** The number of the message it was left with; null if it was not left with one. */
  seq: number | null;
  masked: string;
}

/** Asks for a contact in the clear. */
const useContact = ({ conversation, kind, from, seq }: Masked) =>
  useRevealed(async () => {
    const { contacts } = await call("POST", "/conversations/{id}/contacts/reveal", {
      path: { id: conversation },
      body: { kind },
    });
    return contacts.find((one) => one.from === from && one.seq === seq)?.text ?? null;
  }, SHOWN_MS);

/** A contact that is masked, with a button that shows it for half a minute to whoever may reveal contacts. */
function MaskedText(props: Masked) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const text = useProblemText();
  const { data, error, isPending, mutate, reset } = useContact(props);
  const { masked } = props;
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
  return <MaskedText key={contact.masked} conversation={conversation} seq={null} {...contact} />;
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
  return <MaskedText conversation={conversation} kind={masked} from="left_message" seq={seq} masked={contact} />;
}
