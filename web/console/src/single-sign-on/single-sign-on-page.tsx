import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { EmergencyLink, SingleSignOn } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { Icon } from "../lib/icon";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { RowActs, type Act } from "../lib/row-acts";
import { useRoleWord } from "../lib/roles";
import { useMe } from "../lib/session";
import { ShownOnce } from "../lib/shown-once";
import { toast } from "../lib/toast";
import { useProved } from "../sessions/prove-dialog";
import { ConnectionForm } from "./connection-form";
import { singleSignOn, useEmergencyLink, useRemove, useTest } from "./queries";
import "./single-sign-on.css";

/** The address to enter at the identity provider. */
function RedirectUri({ uri }: { uri: string }) {
  const { t } = useTranslation("sso");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(uri);
      toast(t("copied"));
    } catch {
      toast(t("copy.failed"), "hot");
    }
  };
  return (
    <div className="card sso-card">
      <b>{t("redirect")}</b>
      <div className="row wrap">
        <code className="sso-code grow" role="group" tabIndex={0} aria-label={t("redirect")}>
          {uri}
        </code>
        <Button size="small" onClick={() => void copy()}>
          <Icon name="copy" />
          {t("copy")}
        </Button>
      </div>
      <p className="s2 t3">{t("redirect.what")}</p>
    </div>
  );
}

/** Who is let in, in words. */
function Rules({ connection }: { connection: SingleSignOn }) {
  const { t } = useTranslation("sso");
  const roleWord = useRoleWord();
  const { roles, role_otherwise: otherwise } = connection;
  return (
    <ul className="sso-rules s2">
      <li>{t("rule.domains", { domains: connection.domains.join(", ") })}</li>
      {roles.map((one) => (
        <li key={one.group}>{t("rule.group", { group: one.group, role: roleWord(one.role) })}</li>
      ))}
      {roles.length === 0 && <li>{t("rule.roles_stay")}</li>}
      {otherwise && <li>{t("rule.otherwise", { role: roleWord(otherwise) })}</li>}
      {roles.length > 0 && !otherwise && <li>{t("rule.refused")}</li>}
      <li>{connection.creates ? t("rule.creates") : t("rule.creates_not")}</li>
      <li>{connection.required ? t("rule.required") : t("rule.required_not")}</li>
    </ul>
  );
}

interface CardProps {
  connection: SingleSignOn;
  onEdit(): void;
  onLink(link: EmergencyLink): void;
}

function ConnectionCard({ connection, onEdit, onLink }: CardProps) {
  const { t } = useTranslation("sso");
  const me = useMe();
  const refused = useRefused();
  const remove = useRemove();
  const test = useTest();
  const link = useEmergencyLink();
  const { run, dialog } = useProved();
  const fault = test.data?.fault;
  const acts: Act[] = [
    { word: t("edit"), run: onEdit },
    { word: t("test"), disabled: test.isPending, run: () => test.mutate(undefined, { onError: refused }) },
    {
      word: t("link"),
      disabled: link.isPending,
      run: () => run(async () => onLink(await link.mutateAsync())),
    },
    {
      word: t("remove"),
      disabled: remove.isPending,
      asks: { ask: t("remove.ask"), what: t("remove.what"), danger: true },
      run: () => remove.mutate(undefined, { onSuccess: () => toast(t("removed")), onError: refused }),
    },
  ];
  return (
    <li className="card sso-card" aria-label={connection.issuer}>
      <div className="row">
        <div className="row wrap grow">
          <span className={connection.proved_at === null ? "tag warn" : "tag ok"}>
            {connection.proved_at === null
              ? t("proved.not")
              : t("proved", { time: dayAndTime(connection.proved_at, me.time_zone) })}
          </span>
          <code className="sso-code">{connection.issuer}</code>
          {connection.required && <span className="tag">{t("required")}</span>}
        </div>
        <RowActs name={connection.issuer} acts={acts} />
      </div>
      <Rules connection={connection} />
      <p role="status" className={test.isSuccess ? (fault ? "notice hot" : "notice ok") : "sso-quiet"}>
        {test.isSuccess && (fault ? t(`fault.of.${fault}`) : t("test.well"))}
      </p>
      {dialog}
    </li>
  );
}

/** The connection to the company's identity provider: set up, tested, removed. */
export function SingleSignOnPage() {
  const { t } = useTranslation("sso");
  const me = useMe();
  const found = useQuery(singleSignOn);
  const [editing, setEditing] = useState(false);
  const [link, setLink] = useState<EmergencyLink | null>(null);
  const connection = found.data?.connection ?? null;
  return (
    <>
      <ListPage
        title={t("title")}
        about={<span className="s2 t3">{t("about")}</span>}
        {...(found.data && connection === null ? { add: { word: t("new"), run: () => setEditing(true) } } : {})}
        of={found}
        rows={connection ? [connection] : []}
        above={found.data && <RedirectUri uri={found.data.redirect_uri} />}
        loading={<LoadingCards cards={1} lines={4} className="sso-list" card="card sso-card" />}
        empty={
          <>
            <p>{t("empty")}</p>
            <p>{t("empty.what")}</p>
          </>
        }
      >
        {connection && (
          <ul className="sso-list" aria-label={t("title")}>
            <ConnectionCard connection={connection} onEdit={() => setEditing(true)} onLink={setLink} />
          </ul>
        )}
      </ListPage>
      {editing && <ConnectionForm connection={connection} onClose={() => setEditing(false)} />}
      {link !== null && (
        <ShownOnce
          title={t("link.title")}
          once={t("link.once", { time: dayAndTime(link.expires_at, me.time_zone) })}
          label={t("link.label")}
          value={link.link}
          what={t("link.what")}
          onClose={() => setLink(null)}
        />
      )}
    </>
  );
}
