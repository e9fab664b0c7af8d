import { Button, Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { CompanySite, SiteSecret } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { Confirm } from "../lib/confirm";
import { Failed } from "../lib/failed";
import { ago, dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { ShownOnce } from "../lib/shown-once";
import { Switched } from "../lib/switched";
import { toast } from "../lib/toast";
import { SitePublicKey } from "./site-public-key";
import { siteSecrets, useChangeSite, useCreateSecret, useRevokeSecret } from "./queries";

/** A key: its name and algorithm, since when and until when it is valid, and when it was used. */
function SecretRow({ secret, onRevoke }: { secret: SiteSecret; onRevoke(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const now = useNow(30_000);
  const used = secret.last_used_at;
  return (
    <li className="row wrap">
      <span className="grow">
        <code className="settings-code">{secret.kid}</code>
        <span className="s2 t3 settings-line">
          {secret.algorithm}
          <i className="dot" />
          {t("identity.made", { time: dayAndTime(secret.made_at, me.time_zone) })}
          <i className="dot" />
          {used === null ? t("identity.unused") : t("identity.used", { time: ago(used, now, language) })}
          {secret.valid_until !== null && (
            <>
              <i className="dot" />
              {t("identity.until", { time: dayAndTime(secret.valid_until, me.time_zone) })}
            </>
          )}
        </span>
      </span>
      <Confirm
        ask={t("identity.revoke.ask", { kid: secret.kid })}
        what={t("identity.revoke.what")}
        act={t("identity.revoke")}
        label={t("identity.revoke.one", { kid: secret.kid })}
        danger
        onConfirm={onRevoke}
      >
        {t("identity.revoke")}
      </Confirm>
    </li>
  );
}

/** The keys with which a site's server signs who is signed in on its pages, and whether the chat is for nobody else. */
export function SiteIdentity({ site, onClose }: { site: CompanySite; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(siteSecrets(site.id));
  const create = useCreateSecret();
  const revoke = useRevokeSecret();
  const change = useChangeSite();
  const refused = useRefused();
  const [made, setMade] = useState<{ kid: string; secret: string } | null>(null);
  const [isAdding, setAdding] = useState(false);
  const secrets = found.data?.items ?? [];
  const require = (requires_identity: boolean) =>
    change.mutate(
      { id: site.id, change: { requires_identity, seen: site.updated_at } },
      {
        onSuccess: () => toast(t(requires_identity ? "identity.now_required" : "identity.now_optional")),
        onError: refused,
      },
    );
  if (isAdding) return <SitePublicKey site={site} onClose={() => setAdding(false)} />;
  if (made)
    return (
      <ShownOnce
        title={t("identity.new.title", { kid: made.kid })}
        once={t("identity.new.once")}
        label={t("identity.new.label")}
        value={made.secret}
        what={t("identity.new.what", { kid: made.kid, site: site.key })}
        onClose={() => setMade(null)}
      />
    );
  return (
    <Dialog
      open
      title={t("identity.title", { name: say(site.name, language) })}
      closeLabel={t("close")}
      onClose={onClose}
      width="38rem"
    >
      <div className="settings-form">
        <p className="s2 t3">{t("identity.about")}</p>
        <Failed of={found} />
        {found.isSuccess && secrets.length === 0 && <p className="empty">{t("identity.none")}</p>}
        <ul className="settings-rows" aria-label={t("identity.secrets")}>
          {secrets.map((secret) => (
            <SecretRow
              key={secret.kid}
              secret={secret}
              onRevoke={() =>
                revoke.mutate(
                  { id: site.id, kid: secret.kid },
                  { onSuccess: () => toast(t("identity.revoked")), onError: refused },
                )
              }
            />
          ))}
        </ul>
        <div className="row wrap">
          <Button
            disabled={create.isPending}
            onClick={() =>
              create.mutate(
                { id: site.id },
                {
                  onSuccess: ({ kid, secret }) => secret !== null && setMade({ kid, secret }),
                  onError: refused,
                },
              )
            }
          >
            {t("identity.new")}
          </Button>
          <Button onClick={() => setAdding(true)}>{t("identity.add")}</Button>
          {secrets.length > 0 && <span className="s2 t3 grow">{t("identity.overlap")}</span>}
        </div>
        <Switched
          label={t("identity.require")}
          hint={t("identity.require.what")}
          value={site.requires_identity}
          onChange={require}
        />
      </div>
    </Dialog>
  );
}
