import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { CompanySite } from "@yingda/api/types";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { RowActs, type Act } from "../lib/row-acts";
import { toast } from "../lib/toast";
import { queues } from "../lib/directory";
import { sites, useChangeSite, useDeleteSite } from "./queries";
import { SiteForm } from "./site-form";
import { SiteIdentity } from "./site-identity";
import { SiteInstallation } from "./site-installation";
import { useCopy } from "./use-copy";
import "./settings.css";

function SiteCard({ site, queue, onEdit }: { site: CompanySite; queue: string; onEdit(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const change = useChangeSite();
  const remove = useDeleteSite();
  const name = say(site.name, language);
  const active = site.state === "active";
  const refused = useRefused();
  const navigate = useNavigate();
  const [identity, setIdentity] = useState(false);
  const refuse = (error: unknown) =>
    isProblem(error, "site_in_use")
      ? toast(t("site.in_use", { count: error.count ?? 0 }), "hot", {
          word: t("in_use.show"),
          run: () => void navigate({ to: "/inbox/queues" }),
        })
      : refused(error);
  const copy = useCopy();
  const pause = () =>
    change.mutate(
      { id: site.id, change: { state: active ? "paused" : "active", seen: site.updated_at } },
      { onSuccess: () => toast(active ? t("site.now_paused") : t("site.now_active")), onError: refuse },
    );
  const acts: Act[] = [
    { word: t("edit"), label: t("edit.one", { name }), run: onEdit },
    { word: t("identity"), label: t("identity.title", { name }), run: () => setIdentity(true) },
    { word: active ? t("site.pause") : t("site.resume"), disabled: change.isPending, run: pause },
    {
      word: t("delete"),
      disabled: remove.isPending,
      asks: { ask: t("delete.ask", { name }), what: t("site.delete.what"), danger: true },
      run: () => remove.mutate(site.id, { onSuccess: () => toast(t("deleted")), onError: refuse }),
    },
  ];
  return (
    <li className="card settings-one" aria-label={name}>
      <div className="row">
        <div className="row wrap grow">
          <b>
            <bdi>{name}</bdi>
          </b>
          <code className="settings-code">{site.key}</code>
          <span className={active ? "tag ok" : "tag warn"}>{active ? t("site.active") : t("site.paused")}</span>
        </div>
        <RowActs name={name} acts={acts} />
      </div>
      <p className="s2 t3">
        {queue}
        <i className="dot" />
        {site.origins.length === 0 ? t("site.any_origin") : site.origins.join(" ")}
        <i className="dot" />
        {site.asks_rating ? t("site.asks") : t("site.asks_not")}
        {site.requires_identity && (
          <>
            <i className="dot" />
            {t("site.requires_identity")}
          </>
        )}
      </p>
      <div className="row wrap settings-snippet">
        <code className="settings-code grow" role="group" tabIndex={0} aria-label={t("site.snippet")}>
          {site.snippet}
        </code>
        <Button size="small" onClick={() => void copy(site.snippet)} aria-label={t("site.copy", { name })}>
          <Icon name="copy" />
          {t("copy")}
        </Button>
      </div>
      <p className="s2 t3">{t("site.snippet.what")}</p>
      <SiteInstallation site={site.id} />
      {identity && <SiteIdentity site={site} onClose={() => setIdentity(false)} />}
    </li>
  );
}

/** The sites on which the widget is embedded. */
export function SitesPage() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(sites);
  const allQueues = useQuery(queues).data?.items ?? [];
  const [editing, setEditing] = useState<CompanySite | "new" | null>(null);
  const all = found.data?.items ?? [];
  return (
    <>
      <ListPage
        data-tour="sites"
        title={t("side.sites")}
        about={t("sites.about")}
        add={{ word: t("site.new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingCards cards={1} lines={5} className="settings-cards" card="card settings-one" />}
      >
        <ul className="settings-cards" aria-label={t("side.sites")}>
          {all.map((site) => (
            <SiteCard
              key={site.id}
              site={site}
              queue={say(allQueues.find((queue) => queue.id === site.queue)?.name, language)}
              onEdit={() => setEditing(site)}
            />
          ))}
        </ul>
      </ListPage>
      {editing !== null && (
        <SiteForm
          key={editing === "new" ? "new" : editing.id}
          site={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
