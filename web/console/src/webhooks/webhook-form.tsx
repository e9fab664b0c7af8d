import { Input } from "@yingda/antd";
import type { Webhook } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { Switched } from "../lib/switched";
import { useEditor } from "../lib/use-editor";
import { eventTypes, shortName } from "./events";
import { currentWebhook, useCreateWebhook, useUpdateWebhook, type WebhookFields } from "./queries";

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
    current: ({ id }) => currentWebhook(id),
    refused: ({ field }) => (field === "url" ? { text: t("fault.url_refused") } : {}),
    saved: () => t("saved"),
    onSaved: (answer) => {
      if ("secret" in answer) onSecret(answer.secret);
    },
    onClose,
  });
  const { fields, set, faults } = editor;

  return (
    <FormDialog
      editor={editor}
      title={webhook ? t("form.edit") : t("form.new")}
      lines={(of) => [
        { label: t("field.url"), value: of.url, named: true },
        { label: t("field.description"), value: of.description },
        { label: t("field.events"), value: of.events.map((type) => t(`event.${shortName(type)}`)).join("\n") },
        { label: t("field.bodies"), value: of.bodies ? t("with_bodies") : t("without_bodies") },
      ]}
      width="38rem"
    >
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
      <CheckGroup
        legend={t("field.events")}
        options={eventTypes.map((type) => ({
          id: type,
          label: (
            <>
              {t(`event.${shortName(type)}`)}
              <code className="webhook-event">{type}</code>
            </>
          ),
        }))}
        chosen={fields.events}
        error={faults.events}
        wide
        below={
          <div className="row check-group-whole">
            <button type="button" className="y-text-button" onClick={() => set({ events: [...eventTypes] })}>
              {t("events.all")}
            </button>
            <button type="button" className="y-text-button" onClick={() => set({ events: [] })}>
              {t("events.none")}
            </button>
          </div>
        }
        onChange={(chosen) => set({ events: eventTypes.filter((type) => chosen.includes(type)) })}
      />
      <Switched
        label={t("field.bodies")}
        hint={t("hint.bodies")}
        value={fields.bodies}
        onChange={(bodies) => set({ bodies })}
      />
    </FormDialog>
  );
}
