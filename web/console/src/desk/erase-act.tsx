import { urlOf } from "@yingda/api/operations";
import type { ConversationDetail } from "@yingda/api/types";
import { Suspense, useState } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { loadWords } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { prefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { Tip } from "../lib/tip";
import type { Erasable } from "../privacy/erase-dialog";

const EraseDialog = partOf(async () => {
  const [{ EraseDialog }] = await Promise.all([
    import("../privacy/erase-dialog"),
    loadWords(prefs.get().language, "later"),
  ]);
  return EraseDialog;
});

/** What can be erased from an open conversation: it, and whoever it is with. */
export const erasableIn = ({ id, visitor }: ConversationDetail): Erasable[] => [
  { kind: "conversation", id },
  visitor.account ? { kind: "customer", id: visitor.account.id } : { kind: "visitor", id: visitor.id },
];

/** Opens the dialog that erases, for those who may; they may also take a copy of everything that is kept about the person. */
export function EraseAct({ of, small = false }: { of: readonly Erasable[]; small?: boolean }) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const [open, setOpen] = useState(false);
  if (!may(me, "erase_people") || of.length === 0) return null;
  const word = small ? t("erase.message") : t("erase");
  const person = of.find(({ kind }) => kind === "customer" || kind === "visitor");
  return (
    <>
      {small ? (
        <button type="button" className="y-text-button" onClick={() => setOpen(true)}>
          {word}
        </button>
      ) : (
        <>
          {person && (
            <Tip name={t("copy")}>
              <a
                className="ib"
                href={urlOf("/people/{id}/copy", { path: { id: person.id } })}
                download
                aria-label={t("copy")}
              >
                <Icon name="download" />
              </a>
            </Tip>
          )}
          <Tip name={word}>
            <button type="button" className="ib" aria-label={word} onClick={() => setOpen(true)}>
              <Icon name="trash" />
            </button>
          </Tip>
        </>
      )}
      {open && (
        <Suspense fallback={null}>
          <EraseDialog of={of} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
