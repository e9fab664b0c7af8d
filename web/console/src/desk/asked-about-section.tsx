import type { ConversationDetail } from "@yingda/api/types";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

/** What the customer said that it is about, before a person was asked for, with the details. */
export function AskedAboutSection({ of }: { of: NonNullable<ConversationDetail["asked_about"]> }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  return (
    <section className="sec">
      <h2>{t("about.label")}</h2>
      <p dir="auto">{say(of.question?.name, language)}</p>
      <dl className="dl">
        {(of.details ?? []).map((one, n) => (
          <Fragment key={`${n}`}>
            <dt dir="auto">{say(one.label, language)}</dt>
            <dd dir="auto">{one.text}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
