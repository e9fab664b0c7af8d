import { Input, Switch } from "@yingda/antd";
import type { Queue, QueueRules } from "@yingda/api/types";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Field, type Faults } from "../lib/field";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

/** The rules of a queue as they are edited: numbers are text, and what does not apply is empty. */
export interface RuleFields {
  order: QueueRules["order"];
  lastAgentFirst: boolean;
  /** Whether agents are asked before they get a conversation. */
  offers: boolean;
  acceptWithin: string;
  priority: string;
  relaxEvery: string;
  units: string;
  overflowTo: string;
  overflowAfter: string;
  overflowAbove: string;
  messageAfter: string;
}

const text = (n: number | null | undefined) => (n == null ? "" : String(n));
const number = (typed: string) => (typed.trim() === "" ? null : Number(typed));

/** How long an agent has to accept an offer in a new queue, in seconds. */
const usualAccept = 30;

export const ruleFieldsOf = (rules: QueueRules | undefined): RuleFields => ({
  order: rules?.order ?? "balanced",
  lastAgentFirst: rules?.last_agent_first ?? false,
  offers: !rules || rules.accept_within_s != null,
  acceptWithin: String(rules?.accept_within_s ?? usualAccept),
  priority: text(rules?.priority ?? 0),
  relaxEvery: text(rules?.relax_every_s ?? 30),
  units: text(rules?.units ?? 2),
  overflowTo: rules?.overflow?.to ?? "",
  overflowAfter: text(rules?.overflow?.after_s),
  overflowAbove: text(rules?.overflow?.above),
  messageAfter: text(rules?.offer_message_after_min),
});

export function rulesOf(fields: RuleFields): QueueRules {
  const [after, above] = [number(fields.overflowAfter), number(fields.overflowAbove)];
  return {
    order: fields.order,
    last_agent_first: fields.lastAgentFirst,
    accept_within_s: fields.offers ? number(fields.acceptWithin) : null,
    priority: number(fields.priority) ?? 0,
    relax_every_s: number(fields.relaxEvery) ?? 0,
    units: number(fields.units) ?? 2,
    offer_message_after_min: number(fields.messageAfter),
    overflow:
      fields.overflowTo === ""
        ? null
        : {
            to: fields.overflowTo,
            ...(after === null ? {} : { after_s: after }),
            ...(above === null ? {} : { above }),
          },
  };
}

const bounds = {
  acceptWithin: { field: "rules.accept_within_s", from: 5, to: 300 },
  priority: { field: "rules.priority", from: 0, to: 9 },
  relaxEvery: { field: "rules.relax_every_s", from: 0, to: 86_400 },
  units: { field: "rules.units", from: 1, to: 10 },
  overflowAfter: { field: "rules.overflow.after_s", from: 5, to: 86_400 },
  messageAfter: { field: "rules.offer_message_after_min", from: 1, to: 600 },
  overflowAbove: { field: "rules.overflow.above", from: 1, to: 10_000 },
} as const;

/** The fields whose faults are shown here. */
export const ruleFaults = [...Object.values(bounds).map(({ field }) => field), "rules.overflow", "rules.overflow.to"];

/** Whether a field is shown: what does not apply is neither asked for nor checked. */
const isShown = (key: keyof typeof bounds, { order, offers, overflowTo }: RuleFields): boolean =>
  key === "acceptWithin"
    ? order !== "manual" && offers
    : key === "relaxEvery"
      ? order !== "manual"
      : !key.startsWith("overflow") || overflowTo !== "";

/** What is wrong with a number that was typed, by the name of its field; `say` words the bounds. */
export function ruleProblems(fields: RuleFields, words: (from: number, to: number) => string): Faults {
  const found: Record<string, string> = {};
  for (const [key, { field, from, to }] of Object.entries(bounds)) {
    const typed = fields[key as keyof typeof bounds].trim();
    if (!isShown(key as keyof typeof bounds, fields)) continue;
    if (typed === "" && key === "acceptWithin") found[field] = words(from, to);
    if (typed !== "" && !(/^\d+$/.test(typed) && Number(typed) >= from && Number(typed) <= to))
      found[field] = words(from, to);
  }
  return found;
}

interface Props {
  own: string | null;
  queues: readonly Queue[];
  fields: RuleFields;
  faults: Faults;
  onChange(change: Partial<RuleFields>): void;
}

/** Who gets what waits in a queue, how long they have to accept it, and where it goes if nobody does. */
export function QueueRulesFields({ own, queues, fields, faults, onChange }: Props) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const ids = { offers: useId(), last: useId() };
  const typed = (key: keyof typeof bounds, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={faults[bounds[key].field]}>
      {(field) => (
        <Input
          {...field}
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={fields[key]}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="settings-form queue-rules">
      <legend className="b">{t("rules.title")}</legend>
      <span className="row wrap">
        <span className="t2 s2">{t("rules.order")}</span>
        <Choice
          label={t("rules.order")}
          value={fields.order}
          options={(["balanced", "round_robin", "manual"] as const).map((value) => ({
            value,
            word: t(`rules.order.${value}`),
          }))}
          onChange={(order) => onChange({ order })}
        />
      </span>
      {fields.order !== "manual" && (
        <>
          <span className="row">
            <Switch
              id={ids.last}
              size="small"
              checked={fields.lastAgentFirst}
              onChange={(lastAgentFirst) => onChange({ lastAgentFirst })}
            />
            <label htmlFor={ids.last}>{t("rules.last_agent")}</label>
          </span>
          <span className="row">
            <Switch id={ids.offers} size="small" checked={fields.offers} onChange={(offers) => onChange({ offers })} />
            <label htmlFor={ids.offers}>{t("rules.offers")}</label>
          </span>
          {isShown("acceptWithin", fields) &&
            typed("acceptWithin", t("rules.accept_within"), t("rules.accept_within.what"))}
          {typed("relaxEvery", t("rules.relax"), t("rules.relax.what"))}
        </>
      )}
      {typed("priority", t("rules.priority"), t("rules.priority.what"))}
      {typed("messageAfter", t("rules.message"), t("rules.message.what"))}
      {typed("units", t("rules.units"), t("rules.units.what"))}
      <Field label={t("rules.overflow")} error={faults["rules.overflow.to"] ?? faults["rules.overflow"]}>
        {({ status: _, ...field }) => (
          <select
            {...field}
            value={fields.overflowTo}
            onChange={(event) => onChange({ overflowTo: event.target.value })}
          >
            <option value="">{t("rules.overflow.none")}</option>
            {queues
              .filter((queue) => queue.id !== own)
              .map((queue) => (
                <option key={queue.id} value={queue.id}>
                  {say(queue.name, language)}
                </option>
              ))}
          </select>
        )}
      </Field>
      {fields.overflowTo !== "" && (
        <>
          {typed("overflowAfter", t("rules.overflow.after"))}
          {typed("overflowAbove", t("rules.overflow.above"), t("rules.overflow.what"))}
        </>
      )}
    </fieldset>
  );
}
