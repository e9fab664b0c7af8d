import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "@yingda/antd";
import type { MacroAct } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { labels } from "../labels/queries";
import { BilingualField } from "../lib/bilingual";
import { queues } from "../lib/directory";
import { Field } from "../lib/field";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

interface Props {
  act: MacroAct;
  n: number;
  fault: string | undefined;
  onChange(act: MacroAct): void;
  onRemove(): void;
  /** Null if it cannot be done earlier. */
  onUp: (() => void) | null;
}

/** One of several by its name. */
function Chosen(props: {
  label: string;
  value: string;
  fault: string | undefined;
  options: readonly { id: string; name: string }[];
  onChange(id: string): void;
}) {
  const { t } = useTranslation("canned");
  return (
    <Field label={props.label} error={props.fault}>
      {({ status: _, ...ids }) => (
        <select {...ids} value={props.value} onChange={(event) => props.onChange(event.target.value)}>
          <option value="">{t("macro.choose")}</option>
          {props.options.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What one act needs. */
function Needs({ act, n, fault, onChange }: Pick<Props, "act" | "n" | "fault" | "onChange">) {
  const { t } = useTranslation("canned");
  const { language } = usePrefs();
  const given = useQuery({ ...labels, enabled: act.type === "label" }).data?.items ?? [];
  const lines = useQuery({ ...queues, enabled: act.type === "transfer" }).data?.items ?? [];
  switch (act.type) {
    case "label": {
      const options = given.filter((one) => one.archived_at === null || one.id === act.label);
      return (
        <Chosen
          label={t("macro.add.label")}
          value={act.label}
          fault={fault}
          options={options.map(({ id, name }) => ({ id, name: say(name, language) }))}
          onChange={(label) => onChange({ type: "label", label })}
        />
      );
    }
    case "transfer":
      return (
        <Chosen
          label={t("macro.add.transfer")}
          value={act.queue}
          fault={fault}
          options={lines.map(({ id, name }) => ({ id, name: say(name, language) }))}
          onChange={(queue) => onChange({ type: "transfer", queue })}
        />
      );
    case "reply":
      return (
        <BilingualField
          label={t("macro.add.reply")}
          name={`acts.${n}`}
          value={act.text}
          faults={fault === undefined ? {} : { [`acts.${n}`]: fault }}
          max={4000}
          long
          hint={t("hint.body")}
          onChange={(text) => onChange({ type: "reply", text })}
        />
      );
    case "note":
      return (
        <Field label={t("macro.add.note")} error={fault}>
          {({ status: _, ...ids }) => (
            <Input.TextArea
              {...ids}
              rows={2}
              maxLength={4000}
              value={act.text}
              onChange={(event) => onChange({ type: "note", text: event.target.value })}
            />
          )}
        </Field>
      );
    case "snooze":
      return (
        <Field label={t("macro.snooze")} error={fault}>
          {({ status: _, ...ids }) => (
            <Input
              {...ids}
              inputMode="numeric"
              autoComplete="off"
              maxLength={6}
              value={act.minutes === 0 ? "" : String(act.minutes)}
              onChange={(event) => onChange({ type: "snooze", minutes: Number(event.target.value.replace(/\D/g, "")) })}
            />
          )}
        </Field>
      );
    case "resolve":
      return <p>{t("macro.add.resolve")}</p>;
  }
}

/** One act of a macro: what it needs, and the ways to move it up and to take it out. */
export function ActFields({ onRemove, onUp, ...of }: Props) {
  const { t } = useTranslation("canned");
  return (
    <div className="settings-form" role="group" aria-label={t("macro.nth", { n: of.n + 1 })}>
      <Needs {...of} />
      <div className="row">
        {onUp && (
          <Button size="small" aria-label={t("macro.up.nth", { n: of.n + 1 })} onClick={onUp}>
            {t("macro.up")}
          </Button>
        )}
        <Button size="small" aria-label={t("macro.remove.nth", { n: of.n + 1 })} onClick={onRemove}>
          {t("macro.remove")}
        </Button>
      </div>
    </div>
  );
}
