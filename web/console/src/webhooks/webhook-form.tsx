import { Button, Dialog, Input, Switch } from "@yingda/antd";
import type { EventType, Webhook } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { eventTypes, shortName } from "./events";
import { useCreateWebhook, useUpdateWebhook, type WebhookFields } from "./queries";

type Faults = Partial<Record<"url" | "description" | "events" | "form", string>>;

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
  const text = useProblemText();
  const ids = { url: useId(), description: useId(), bodies: useId() };
  const create = useCreateWebhook();
  const update = useUpdateWebhook();
  const [fields, setFields] = useState(() => fieldsOf(webhook));
  const [faults, setFaults] = useState<Faults>({});
  const busy = create.isPending || update.isPending;

  const set = (change: Partial<WebhookFields>) => {
    setFields((before) => ({ ...before, ...change }));
    setFaults({});
  };
  const toggle = (type: EventType) =>
    set({
      events: fields.events.includes(type)
        ? fields.events.filter((one) => one !== type)
        : eventTypes.filter((one) => one === type || fields.events.includes(one)),
    });

  const save = async () => {
    const found: Faults = {};
    if (!/^https?:\/\/\S+$/i.test(fields.url.trim())) found.url = t("fault.url");
    if (fields.events.length === 0) found.events = t("fault.events");
    if (Object.keys(found).length > 0) {
      setFaults(found);
      return;
    }
    const clean = { ...fields, url: fields.url.trim(), description: fields.description.trim() };
    try {
      if (webhook) await update.mutateAsync({ webhook, change: clean });
      else onSecret((await create.mutateAsync(clean)).secret);
      toast(t("saved"));
      onClose();
    } catch (error) {
      const field =
        isProblem(error) && (error.field === "url" || error.field === "description" || error.field === "events")
          ? error.field
          : "form";
      setFaults({ [field]: field === "url" ? t("fault.url_refused") : text(error) });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save();
  };

  return (
    <Dialog
      open
      title={webhook ? t("form.edit") : t("form.new")}
      closeLabel={t("close")}
      onClose={onClose}
      width="38rem"
    >
      <form className="webhook-form" onSubmit={submit} noValidate>
        <div className="field">
          <label htmlFor={ids.url}>{t("field.url")}</label>
          <Input
            id={ids.url}
            autoFocus
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2048}
            status={faults.url ? "error" : ""}
            aria-invalid={faults.url ? true : undefined}
            aria-describedby={`${ids.url}-words`}
            value={fields.url}
            onChange={(event) => set({ url: event.target.value })}
          />
          <span id={`${ids.url}-words`} className={faults.url ? "field-error" : "s1 t3"}>
            {faults.url ?? t("hint.url")}
          </span>
        </div>
        <div className="field">
          <label htmlFor={ids.description}>{t("field.description")}</label>
          <Input
            id={ids.description}
            autoComplete="off"
            maxLength={120}
            status={faults.description ? "error" : ""}
            aria-describedby={`${ids.description}-words`}
            value={fields.description}
            onChange={(event) => set({ description: event.target.value })}
          />
          <span id={`${ids.description}-words`} className={faults.description ? "field-error" : "s1 t3"}>
            {faults.description ?? t("hint.description")}
          </span>
        </div>
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
            id={ids.bodies}
            checked={fields.bodies}
            aria-describedby={`${ids.bodies}-words`}
            onChange={(bodies) => set({ bodies })}
          />
          <span>
            <label htmlFor={ids.bodies}>{t("field.bodies")}</label>
            <span id={`${ids.bodies}-words`} className="s1 t3">
              {t("hint.bodies")}
            </span>
          </span>
        </div>
        {faults.form && (
          <p className="notice hot" role="alert">
            {faults.form}
          </p>
        )}
        <div className="row webhook-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
