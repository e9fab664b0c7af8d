import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { queues } from "../lib/directory";
import { Field } from "../lib/field";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { RoleOptions } from "../lib/role-options";
import { groups } from "./queries";
import type { Otherwise } from "./use-invite-many";

interface InviteOptionsProps {
  otherwise: Otherwise;
  onChange(otherwise: Otherwise): void;
  /** Whether links are sent by mail; null if they cannot be. */
  mail: boolean | null;
  onMail(mail: boolean): void;
}

/** What applies to everybody for whom the list says nothing else, and how the links get to them. */
export function InviteOptions({ otherwise, onChange, mail, onMail }: InviteOptionsProps) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const allGroups = useQuery(groups).data?.items ?? [];
  const allQueues = useQuery(queues).data?.items ?? [];
  return (
    <section className="settings-form" aria-label={t("many.otherwise")}>
      <h3 className="s2 t2">{t("many.otherwise")}</h3>
      <div className="form-two">
        <Field label={t("field.role")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={otherwise.role}
              onChange={(event) => onChange({ ...otherwise, role: event.target.value })}
            >
              <RoleOptions />
            </select>
          )}
        </Field>
        <Field label={t("field.group")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={otherwise.group}
              onChange={(event) => onChange({ ...otherwise, group: event.target.value })}
            >
              <option value="">{t("group.none")}</option>
              {allGroups.map((group) => (
                <option key={group.id} value={group.id}>
                  {group.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <CheckGroup
        legend={t("field.queues")}
        options={allQueues.map((queue) => ({
          id: queue.id,
          label: <bdi>{say(queue.name, language)}</bdi>,
          fixed: queue.everybody,
        }))}
        chosen={otherwise.queues}
        onChange={(chosen) => onChange({ ...otherwise, queues: chosen })}
      />
      {mail === null ? (
        <p className="notice">{t("many.no_mail")}</p>
      ) : (
        <label className="row">
          <input type="checkbox" checked={mail} onChange={(event) => onMail(event.target.checked)} />
          <span>{t("many.by_mail")}</span>
        </label>
      )}
    </section>
  );
}
