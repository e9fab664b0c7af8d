import { Input, Switch } from "@yingda/antd";
import type { EventType, Webhook } from "@yingda/api/types";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { eventTypes, shortName } from "./events";
import { useCreateWebhook, useUpdateWebhook, type WebhookFields } from "./queries";

const fieldsOf = (webhook: Webhook | null): WebhookFields =>
  webhook
    ? { url: webhook.url, description: webhook.description, events: webhook.events, bodies: webhook.bodies }
    : { url: "", description: "", events: [...eventTypes], bodies: false };

/** Adds an endpoint or edits one. */
export function WebhookForm({
  webhook,
  onClose,
  onSecret,
}: {
  webhook: Webhook | null;
  onClose(): void;
  onSecret(secret: string): void;
}) {
  const { t } = useTranslation("webhooks");
  const bodies = useId();
  const create = useCreateWebhook();
  const update = useUpdateWebhook();
  const editor = useEditor({
    record: webhook,
    fieldsOf,
    shows: ["url", "description", "events"],
    check: ({ url, events }) => ({
      url: !/^https?:\/\/\S+$/i.test(url.trim()) && t("fault.url"),
      events: events.length === 0 && t("fault.events"),
    }),
    save(fields, base): Promise<Webhook | { secret: string }> {
      const clean = { ...fields, url: fields.url.trim(), description: fields.description.trim() };
      return base ? update.mutateAsync({ webhook: base, change: clean }) : create.mutateAsync(clean);
    },
    refused: ({ field }) => (field === "url" ? { text: t("fault.url_refused") } : {}),
    saved: () => t("saved"),
    onSaved: (answer) => {
      if ("secret" in answer) onSecret(answer.secret);
    },
    onClose,
  });
  const { fields, set, faults } = editor;
  const toggle = (type: EventType) =>
    set({
      events: fields.events.includes(type)
        ? fields.events.filter((one) => one !== type)
        : eventTypes.filter((one) => one === type || fields.events.includes(one)),
    });

  return (
    <FormDialog editor={editor} title={webhook ? t("form.edit") : t("form.new")} width="38rem">
      <Field label={t("field.url")} hint={t("hint.url")} error={faults.url} required>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2048}
            value={fields.url}
            onChange={(event) => set({ url: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("field.description")} hint={t("hint.description")} error={faults.description}>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={120}
            value={fields.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="webhook-events">
        <legend>{t("field.events")}</legend>
        <div className="webhook-event-list">
          {eventTypes.map((type) => (
            <label key={type} className="webhook-event">
              <input type="checkbox" checked={fields.events.includes(type)} onChange={() => toggle(type)} />
              <span>
                <span>{t(`event.${shortName(type)}`)}</span>
                <code>{type}</code>
              </span>
            </label>
          ))}
        </div>
        <div className="row">
          <button type="button" className="y-text-button" onClick={() => set({ events: [...eventTypes] })}>
            {t("events.all")}
          </button>
          <button type="button" className="y-text-button" onClick={() => set({ events: [] })}>
            {t("events.none")}
          </button>
        </div>
        {faults.events && (
          <span className="field-error" role="alert">
            {faults.events}
          </span>
        )}
      </fieldset>
      <div className="row webhook-bodies">
        <Switch
          id={bodies}
          checked={fields.bodies}
          aria-describedby={`${bodies}-words`}
          onChange={(on) => set({ bodies: on })}
        />
        <span>
          <label htmlFor={bodies}>{t("field.bodies")}</label>
          <span id={`${bodies}-words`} className="s1 t3">
            {t("hint.bodies")}
          </span>
        </span>
      </div>
    </FormDialog>
  );
}
