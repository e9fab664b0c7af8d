import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Webhook } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { ListPage } from "../lib/list-page";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { RowActs, type Act } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { ShownOnce } from "../lib/shown-once";
import { toast } from "../lib/toast";
import { counted } from "./counted";
import { DeliveriesList } from "./deliveries-list";
import { DeliveryDialog } from "./delivery-dialog";
import { useDeleteWebhook, useRotateSecret, useSendTest, useUpdateWebhook, webhooks } from "./queries";
import { WebhookForm } from "./webhook-form";
import "./webhooks.css";

interface CardProps {
  webhook: Webhook;
  chosen: boolean;
  onChoose(): void;
  onEdit(): void;
  onSecret(secret: string): void;
  onTest(id: string): void;
}

function WebhookCard({ webhook, chosen, onChoose, onEdit, onSecret, onTest }: CardProps) {
  const { t } = useTranslation("webhooks");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const update = useUpdateWebhook();
  const remove = useDeleteWebhook();
  const rotate = useRotateSecret();
  const test = useSendTest();
  const on = webhook.state === "enabled";
  const refuse = (error: unknown) => toast(text(error), "hot");
  const acts: Act[] = [
    {
      word: t("test"),
      disabled: !on || test.isPending,
      run: () => test.mutate(webhook.id, { onSuccess: (sent) => onTest(sent.id), onError: refuse }),
    },
    { word: t("edit"), run: onEdit },
    {
      word: on ? t("disable") : t("enable"),
      disabled: update.isPending,
      run: () => update.mutate({ webhook, change: { enabled: !on } }, { onError: refuse }),
    },
    {
      word: t("rotate"),
      disabled: rotate.isPending,
      asks: { ask: t("rotate.ask"), what: t("rotate.what") },
      run: () => rotate.mutate(webhook.id, { onSuccess: (made) => onSecret(made.secret), onError: refuse }),
    },
    {
      word: t("delete"),
      disabled: remove.isPending,
      asks: { ask: t("delete.ask"), what: t("delete.what"), danger: true },
      run: () => remove.mutate(webhook.id, { onSuccess: () => toast(t("deleted")), onError: refuse }),
    },
  ];
  return (
    <li className="card webhook-card" aria-label={webhook.url}>
      <div className="row">
        <div className="row wrap grow">
          <span className={on ? "tag ok" : "tag warn"}>{t(`webhook.${webhook.state}`)}</span>
          <code className="webhook-code">{webhook.url}</code>
          {webhook.dead > 0 && (
            <span className="tag hot">{t("dead", { count: webhook.dead, n: counted(webhook.dead, language) })}</span>
          )}
          {webhook.pending > 0 && (
            <span className="tag">
              {t("pending", { count: webhook.pending, n: counted(webhook.pending, language) })}
            </span>
          )}
        </div>
        <RowActs name={webhook.url} acts={acts} />
      </div>
      <p className="s2 t3">
        {webhook.description !== "" && (
          <>
            {webhook.description}
            <i className="dot" />
          </>
        )}
        {t("told_of", { count: webhook.events.length })}
        <i className="dot" />
        {webhook.bodies ? t("with_bodies") : t("without_bodies")}
        {webhook.old_secret_until !== null && (
          <>
            <i className="dot" />
            {t("old_secret", { time: dayAndTime(webhook.old_secret_until, me.time_zone) })}
          </>
        )}
      </p>
      {webhook.state === "gone" && <p className="notice warn">{t("gone.what")}</p>}
      <div className="row">
        <Button size="small" aria-expanded={chosen} onClick={onChoose}>
          {t("deliveries")}
        </Button>
      </div>
    </li>
  );
}

/** The endpoints events are sent to, and the results. */
export function WebhooksPage() {
  const { t } = useTranslation("webhooks");
  const found = useQuery(webhooks);
  const [editing, setEditing] = useState<Webhook | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [opened, setOpened] = useState<{ webhook: string; id: string } | null>(null);
  const all = found.data?.items ?? [];
  const shown = all.find((one) => one.id === chosen);

  return (
    <>
      <ListPage
        data-tour="webhooks"
        title={t("title")}
        about={<span className="s2 t3 webhook-about">{t("about")}</span>}
        add={{ word: t("new"), run: () => setEditing("new") }}
        className="webhook-body"
        of={found}
        rows={all}
        loading={
          <div className="webhook-form" role="status" aria-label={t("loading")}>
            <span className="skeleton webhook-skeleton" />
            <span className="skeleton webhook-skeleton" />
          </div>
        }
        empty={
          <>
            <p>{t("empty")}</p>
            <p>{t("empty.what")}</p>
          </>
        }
      >
        <ul className="webhook-list" aria-label={t("title")}>
          {all.map((webhook) => (
            <WebhookCard
              key={webhook.id}
              webhook={webhook}
              chosen={webhook.id === chosen}
              onChoose={() => setChosen(webhook.id === chosen ? null : webhook.id)}
              onEdit={() => setEditing(webhook)}
              onSecret={setSecret}
              onTest={(id) => setOpened({ webhook: webhook.id, id })}
            />
          ))}
        </ul>
        {shown && (
          <DeliveriesList key={shown.id} webhook={shown} onOpen={(id) => setOpened({ webhook: shown.id, id })} />
        )}
      </ListPage>
      {editing !== null && (
        <WebhookForm
          key={editing === "new" ? "new" : editing.id}
          webhook={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSecret={setSecret}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title={t("secret.title")}
          once={t("secret.once")}
          label={t("secret")}
          value={secret}
          what={t("secret.what")}
          onClose={() => setSecret(null)}
        />
      )}
      {opened !== null && <DeliveryDialog webhook={opened.webhook} id={opened.id} onClose={() => setOpened(null)} />}
    </>
  );
}
