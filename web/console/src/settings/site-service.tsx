import { Link } from "@tanstack/react-router";
import type { Queue } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { useHoursInWords } from "./hours-editor";
import { SiteAsks } from "./site-asks";
import { SiteBehaviour } from "./site-behaviour";
import { SiteQuestions } from "./site-questions";
import type { SiteEditor } from "./use-site-editor";

interface SiteServiceProps {
  editor: SiteEditor;
  queues: readonly Queue[];
  /** The queue that is shown as chosen. */
  queueOf(queue: string): string;
}

/** Where the customers of a site wait and when it is open, the questions that it begins with, and what its widget asks and offers. */
export function SiteService({ editor, queues, queueOf }: SiteServiceProps) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const hoursInWords = useHoursInWords();
  const { fields, set, faults } = editor;
  const queue = queues.find(({ id }) => id === queueOf(fields.queue));
  return (
    <>
      <Field label={t("field.queue")} hint={t("hint.queue")} error={faults.queue}>
        {({ status: _, ...ids }) => (
          <select {...ids} value={queueOf(fields.queue)} onChange={(event) => set({ queue: event.target.value })}>
            {queues.map((one) => (
              <option key={one.id} value={one.id}>
                {say(one.name, language)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {queue && (
        <div className="field" role="group" aria-label={t("queue.open")}>
          <span>{t("queue.open")}</span>
          <p className="settings-hours">{queue.hours ? hoursInWords(queue.hours) : t("hours.as_company")}</p>
          {may(me, "queues.manage") && (
            <p>
              <Link to="/settings/queues" target="_blank">
                {t("service.queues")}
              </Link>
            </p>
          )}
        </div>
      )}
      <SiteQuestions value={fields.questions} error={faults.questions} onChange={(questions) => set({ questions })} />
      <SiteAsks editor={editor} />
      <SiteBehaviour editor={editor} />
    </>
  );
}
