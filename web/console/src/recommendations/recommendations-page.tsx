import { Button, Popup } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { RecommendationOverview, NamedItem } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count, dayAndTime, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { Page } from "../lib/page";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { Switched } from "../lib/switched";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { isDue, overview, useLearn, useSwitch } from "./queries";
import "./recommendations.css";

/** Whether they are shown: in the company, and on each of its sites. */
function Switches({ of }: { of: RecommendationOverview }) {
  const { t } = useTranslation("recommendations");
  const { language } = usePrefs();
  const refused = useRefused();
  const change = useSwitch();
  const offSites = of.sites.filter((site) => !site.on).map(({ id }) => id);
  const set = (on: boolean, off_sites: string[]) =>
    change.mutate(
      { on, off_sites, seen: of.updated_at },
      { onSuccess: () => toast(t(on ? "saved" : "off.done")), onError: refused },
    );
  return (
    <section className="card rec-card" aria-label={t("where")}>
      <div className="row wrap">
        <h2 className="grow">{t("where")}</h2>
        <span className={of.on ? "tag ok" : "tag"}>{t(of.on ? "on" : "off")}</span>
        {of.on ? (
          <Popup
            label={t("off.ask")}
            className="rec-ask"
            trigger={({ type: _, ...props }) => (
              <Button {...props} size="small" disabled={change.isPending}>
                {t("off.do")}
              </Button>
            )}
          >
            {(close) => (
              <>
                <p>{t("off.ask")}</p>
                <p className="s2 t3">{t("off.what")}</p>
                <div className="row end">
                  <Button size="small" data-autofocus onClick={close}>
                    {t("cancel")}
                  </Button>
                  <Button
                    size="small"
                    danger
                    onClick={() => {
                      close();
                      set(false, offSites);
                    }}
                  >
                    {t("off.do")}
                  </Button>
                </div>
              </>
            )}
          </Popup>
        ) : (
          <Button size="small" type="primary" disabled={change.isPending} onClick={() => set(true, offSites)}>
            {t("on.do")}
          </Button>
        )}
      </div>
      <p className="s2 t3">{t("where.what")}</p>
      {of.on && (
        <ul className="rec-sites" aria-label={t("sites")}>
          {of.sites.map((site) => (
            <li key={site.id}>
              <Switched
                label={say(site.name, language)}
                hint={t(site.on ? "site.on" : "site.off")}
                value={site.on}
                onChange={(on) => set(true, on ? offSites.filter((id) => id !== site.id) : [...offSites, site.id])}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** How often one ranking was right, as a bar with its value. */
function Hits({ name, share, best }: { name: string; share: number; best: boolean }) {
  const { language } = usePrefs();
  return (
    <>
      <dt>{name}</dt>
      <dd className="rec-hits">
        <meter className={best ? "best" : ""} min={0} max={1} value={share} aria-label={name} />
        <b className="n">{percent(share, language)}</b>
      </dd>
    </>
  );
}

/** What was learned, from how much, and how good it is. */
function Learned({ of }: { of: RecommendationOverview }) {
  const { t } = useTranslation("recommendations");
  const { language } = usePrefs();
  const { time_zone: zone } = useMe();
  const { learned } = of;
  const amount = (n: number) => count(n, language);
  return (
    <section className="card rec-card" aria-label={t("learned")}>
      <h2>{t("learned")}</h2>
      <p className="s2 t3">
        {t("stored", { interests: amount(of.interests), visitors: amount(of.visitors) })}
        {of.due_at !== null && (
          <>
            <span className="dot" />
            {isDue(of) ? t("due.now") : t("due.at", { time: dayAndTime(of.due_at, zone) })}
          </>
        )}
      </p>
      {learned === null ? (
        <p>{t("learned.none")}</p>
      ) : (
        <>
          <dl className="dl rec-dl">
            <dt>{t("learned.at")}</dt>
            <dd className="n">
              {dayAndTime(learned.trained_at, zone)}
              <span className="dot" />
              {t("learned.version", { number: learned.version })}
            </dd>
            <dt>{t("learned.from")}</dt>
            <dd className="n">
              {t("learned.amounts", {
                interests: amount(learned.interests),
                visitors: amount(learned.visitors),
                items: amount(learned.items),
              })}
            </dd>
            <dt>{t("learned.how")}</dt>
            <dd>{t(learned.by_taste ? "learned.by_taste" : "learned.by_popularity")}</dd>
            {learned.hits && (
              <>
                <Hits name={t("hits.model")} share={learned.hits.model} best />
                <Hits name={t("hits.popularity")} share={learned.hits.popularity} best={false} />
              </>
            )}
          </dl>
          <p className="s1 t3">
            {learned.hits ? t("hits.what", { visitors: amount(learned.hits.asked) }) : t("hits.none")}
          </p>
        </>
      )}
    </section>
  );
}

function Item({ item }: { item: NamedItem }) {
  const { t } = useTranslation("recommendations");
  const { language } = usePrefs();
  return (
    <>
      <bdi>{say(item.name, language)}</bdi> <span className="tag">{t(`kind.${item.kind}`)}</span>
    </>
  );
}

function Pairs({ pairs }: { pairs: NonNullable<RecommendationOverview["learned"]>["pairs"] }) {
  const { t } = useTranslation("recommendations");
  const { language } = usePrefs();
  const columns: readonly Column<(typeof pairs)[number]>[] = [
    { id: "one", title: t("pairs.one"), cell: ({ one }) => <Item item={one} /> },
    { id: "other", title: t("pairs.other"), cell: ({ other }) => <Item item={other} /> },
    {
      id: "together",
      title: t("pairs.together"),
      align: "end",
      className: "n",
      cell: ({ together }) => count(together, language),
    },
  ];
  return (
    <section className="card rec-card" aria-label={t("pairs")}>
      <h2>{t("pairs")}</h2>
      <p className="s2 t3">{t("pairs.what")}</p>
      <Table
        label={t("pairs")}
        form="values"
        className="rec-pairs"
        columns={columns}
        rows={pairs}
        keyOf={({ one, other }) => `${one.kind} ${one.id} ${other.kind} ${other.id}`}
      />
    </section>
  );
}

/** Recommendations for managers: where they are shown, what they were learned from, and how good they are. */
export function RecommendationsPage() {
  const { t } = useTranslation("recommendations");
  const refused = useRefused();
  const found = useQuery(overview);
  const learn = useLearn();
  const { data } = found;
  return (
    <Page
      title={t("title")}
      about={t("about")}
      className="rec-body"
      acts={
        data?.on && (
          <Button
            disabled={learn.isPending || isDue(data)}
            onClick={() => learn.mutate(undefined, { onSuccess: () => toast(t("learn.asked")), onError: refused })}
          >
            {t("learn.do")}
          </Button>
        )
      }
    >
      <Failed of={found} />
      {found.isPending && <LoadingRows rows={5} className="card rec-card" />}
      {data && (
        <>
          <Switches of={data} />
          {data.on && <Learned of={data} />}
          {data.learned && data.learned.pairs.length > 0 && <Pairs pairs={data.learned.pairs} />}
        </>
      )}
    </Page>
  );
}
