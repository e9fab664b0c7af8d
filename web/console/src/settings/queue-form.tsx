import { useQuery } from "@tanstack/react-query";
import type { Queue } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { Choice } from "../lib/choice";
import { FormDialog } from "../lib/form-dialog";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { colleagues, queues } from "../lib/directory";
import { officeHours } from "./hours";
import { cleanHours, HoursEditor, hoursFields, useHoursInWords } from "./hours-editor";
import { MemberPicker } from "./member-picker";
import { QueueRulesFields, ruleFaults, ruleFieldsOf, ruleProblems, rulesOf } from "./queue-rules";
import { currentQueue, useChangeQueue, useCreateQueue } from "./queries";
import { useRules } from "./rules";
import { Unattended, unattendedBy } from "./unattended";

/** `own` is whether it has hours of its own; `hours` are those, or the ones to begin with. */
const fieldsOf = (queue: Queue | null) => ({
  name: queue?.name ?? { zh: "", en: "" },
  everybody: queue?.everybody ?? true,
  members: queue?.members ?? [],
  own: queue !== null && queue.hours !== null,
  hours: queue?.hours ?? officeHours(),
  rules: ruleFieldsOf(queue?.rules),
});

/** Adds a queue or edits one: its name, who serves it, when it is open. */
export function QueueForm({ queue, onClose }: { queue: Queue | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const staff = useQuery(colleagues).data?.agents ?? [];
  const all = useQuery(queues).data?.items ?? [];
  const create = useCreateQueue();
  const change = useChangeQueue();
  const bilingual = useBilingualLines();
  const hoursInWords = useHoursInWords();
  const editor = useEditor({
    record: queue,
    fieldsOf,
    shows: ["name.*", "members", ...hoursFields, ...ruleFaults],
    check: ({ name, everybody, members, rules }, base) => ({
      ...ruleProblems(rules, (from, to) => t("rules.bounds", { from, to })),
      name: saysNothing(name) && t("fault.either"),
      members: !base && !everybody && members.length === 0 && t("fault.members"),
    }),
    save({ own, hours, rules, ...fields }, base, confirm) {
      const body = { ...fields, hours: own ? cleanHours(hours) : null, rules: rulesOf(rules), confirm };
      return base
        ? change.mutateAsync({ id: base.id, change: { ...body, seen: base.updated_at } })
        : create.mutateAsync(body);
    },
    current: ({ id }) => currentQueue(id),
    refused: useRules(),
    doubt: unattendedBy,
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults, doubt, busy } = editor;
  const who = (ids: readonly string[]) => {
    const chosen = new Set(ids);
    return staff
      .filter((one) => chosen.has(one.id))
      .map((one) => one.name)
      .join(language === "en" ? ", " : "、");
  };

  return (
    <FormDialog
      editor={editor}
      title={queue ? t("queue.edit") : t("queue.new")}
      lines={(of) => [
        ...bilingual(t("field.queue_name"), of.name, true),
        { label: t("queue.who"), value: of.everybody ? t("queue.everybody") : who(of.members) },
        { label: t("rules.order"), value: t(`rules.order.${of.rules.order}`) },
        { label: t("queue.open"), value: of.own ? hoursInWords(cleanHours(of.hours)) : t("hours.as_company") },
      ]}
      instead={
        doubt && (
          <Unattended
            queues={doubt}
            act={t("unattended.save")}
            busy={busy}
            onBack={editor.back}
            onConfirm={editor.confirm}
          />
        )
      }
      width="46rem"
    >
      <BilingualField
        label={t("field.queue_name")}
        name="name"
        value={fields.name}
        faults={faults}
        max={40}
        onChange={(name) => set({ name })}
      />
      <div className="settings-form">
        <span className="row wrap">
          <span className="t2 s2">{t("queue.who")}</span>
          <Choice
            label={t("queue.who")}
            value={fields.everybody ? "all" : "some"}
            options={[
              { value: "all", word: t("queue.everybody") },
              { value: "some", word: t("queue.these") },
            ]}
            onChange={(next) => set({ everybody: next === "all" })}
          />
        </span>
        {!fields.everybody && (
          <MemberPicker
            staff={staff}
            chosen={fields.members}
            error={faults.members}
            onChange={(members) => set({ members })}
          />
        )}
      </div>
      <span className="row wrap">
        <span className="t2 s2">{t("queue.open")}</span>
        <Choice
          label={t("queue.open")}
          value={fields.own ? "own" : "company"}
          options={[
            { value: "company", word: t("hours.as_company") },
            { value: "own", word: t("hours.own") },
          ]}
          onChange={(next) => set({ own: next === "own" })}
        />
      </span>
      {fields.own && (
        <HoursEditor value={fields.hours} zone={me.time_zone} faults={faults} onChange={(hours) => set({ hours })} />
      )}
      <QueueRulesFields
        own={queue?.id ?? null}
        queues={all}
        fields={fields.rules}
        faults={faults}
        onChange={(change) => set({ rules: { ...fields.rules, ...change } })}
      />
    </FormDialog>
  );
}
