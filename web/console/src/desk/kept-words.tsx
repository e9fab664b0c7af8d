import { Button } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { langOf } from "../lib/words";
import { keepDraft, readDraft } from "./drafts";

/** The draft of a reply to a conversation that went to someone else: it is shown so that it can be copied or discarded. */
export function KeptWords({ conversation }: { conversation: string }) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const [, renew] = useState(0);
  const draft = readDraft(me.agent, conversation);
  const words = draft.reply.trim();
  if (words === "") return null;
  const copy = () => {
    void navigator.clipboard?.writeText(words).then(
      () => toast(t("kept.copied")),
      () => undefined,
    );
  };
  return (
    <section className="kept-words" aria-label={t("kept.title")}>
      <p className="s2 t2">{t("kept.title")}</p>
      <p className="kept-text" lang={langOf(words)} dir="auto">
        {words}
      </p>
      <div className="row">
        <Button size="small" onClick={copy}>
          {t("kept.copy")}
        </Button>
        <Button
          size="small"
          type="text"
          onClick={() => {
            keepDraft(me.agent, conversation, { ...draft, reply: "" });
            renew((n) => n + 1);
          }}
        >
          {t("kept.drop")}
        </Button>
      </div>
    </section>
  );
}
