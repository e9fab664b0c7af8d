import { LabelTag } from "../labels/label-tag";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ConversationView } from "@yingda/api/conversation";
import { BEST_SCORE } from "@yingda/api/rating";
import type { ConversationDetail, Entry, Outcome } from "@yingda/api/types";
import { Fragment, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { KnownContact } from "../lib/contact";
import { ago, clock, count, dayAndTime, dayOf } from "../lib/format";
import { Icon } from "../lib/icon";
import { initial, useNameOf } from "../lib/people";
import { ofCompany } from "../lib/practice";
import { usePrefs } from "../lib/prefs";
import { ProductCard } from "../lib/product";
import { useMe } from "../lib/session";
import { AskedAboutSection } from "./asked-about-section";
import { Handed } from "./handed";
import { useKnown } from "./known";
import { packetOf } from "./packet";
import { isAlert } from "./alert-strip";
import { those } from "../live/those";
import { detail } from "./queries";
import { mayRead } from "./readable";
import { Recommended } from "./recommended";
import "./customer.css";

/** The outcome in words. */
function useOutcome() {
  const known = useKnown();
  return (outcome: Outcome | null) => known(`outcome.${outcome ?? "open"}`, outcome ?? "");
}

function Numbers({ data, zone }: { data: ConversationDetail; zone: string }) {
  const { t } = useTranslation("desk");
  const now = useNow(5000);
  const episode = data.episodes[data.episodes.length - 1];
  const sayOutcome = useOutcome();
  if (!episode) return null;
  const wait = episode.human_requested_at === null ? null : (episode.accepted_at ?? now) - episode.human_requested_at;
  const reply =
    episode.human_requested_at === null || episode.first_human_reply_at === null
      ? null
      : episode.first_human_reply_at - episode.human_requested_at;
  return (
    <section className="sec">
      <h2>{t("customer.this_time")}</h2>
      <dl className="dl">
        <dt>{t("customer.began")}</dt>
        <dd>
          <bdi dir="ltr">{dayAndTime(episode.created_at, zone)}</bdi>
        </dd>
        {wait !== null && (
          <>
            <dt>{t("customer.waited")}</dt>
            <dd>{clock(wait)}</dd>
          </>
        )}
        {reply !== null && (
          <>
            <dt>{t("customer.first_reply")}</dt>
            <dd>{clock(reply)}</dd>
          </>
        )}
        {episode.ended_at !== null && (
          <>
            <dt>{t("customer.outcome")}</dt>
            <dd>{sayOutcome(episode.outcome)}</dd>
          </>
        )}
        {episode.rating && (
          <>
            <dt>{t("customer.rating")}</dt>
            <dd>{t("customer.score", { score: episode.rating.score, best: BEST_SCORE })}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** Whether the customer is angry or may be in danger: nobody sells them anything then. */
function isUpset(entries: ConversationView["entries"]): boolean {
  const packet = packetOf(entries)?.packet;
  return packet?.mood === "angry" || packet?.reason === "danger" || those(entries, isAlert).length > 0;
}

const isCard = (entry: Entry): entry is Extract<Entry, { kind: "message" }> =>
  entry.kind === "message" && entry.body?.type === "product" && entry.by.kind === "customer";
/** Whether an entry may have changed what is known of the customer. */
const isMilestone = (entry: Entry): entry is Entry => entry.kind !== "message" && entry.kind !== "note";

/** The last product card in the conversation. */
function cardOf(entries: ConversationView["entries"]) {
  const card = those(entries, isCard).at(-1);
  return card?.body?.type === "product" ? card.body.product : null;
}

/** Whether we know who the customer is: an account with verified identifiers, or an anonymous visitor. */
function Known({ conversation, visitor }: { conversation: string; visitor: ConversationDetail["visitor"] }) {
  const { account, contacts } = visitor;
  const { t } = useTranslation("desk");
  if (account === null) {
    return (
      <div className="row wrap s2 customer-known">
        <span className="t2 row">
          <Icon name="user" />
          {t("customer.anonymous")}
        </span>
        <span className="t3">{t("customer.anonymous_means")}</span>
      </div>
    );
  }
  return (
    <div className="row wrap s2 customer-known">
      <span className="ok b row">
        <Icon name="user" />
        {t("customer.account")}
      </span>
      {account.verified !== null && <span className="tag ok">{t(`customer.verified.${account.verified}`)}</span>}
      {account.subject !== undefined && (
        <>
          <span className="tag ok">{t("customer.signed")}</span>
          <span className="t3">{t("customer.signed_by", { subject: account.subject })}</span>
        </>
      )}
      <Link className="y-text-button" to="/customers/$customer" params={{ customer: account.id }}>
        {t("customer.profile")}
      </Link>
      {contacts.map((contact) => (
        <span key={`${contact.from}:${contact.kind}`} className="t3">
          {contact.from === "account" && <>{t("customer.signs_in_with")} </>}
          <KnownContact conversation={conversation} contact={contact} />
        </span>
      ))}
    </div>
  );
}

/** What the customer allows to be kept, each with its day. Nobody of the staff changes it. */
function Allowed({ consents, zone }: { consents: ConversationDetail["visitor"]["consents"]; zone: string }) {
  const { t } = useTranslation("desk");
  const shown = consents.filter((one) => one.used || one.granted !== null);
  if (shown.length === 0) return null;
  return (
    <section className="sec">
      <h2>{t("consent")}</h2>
      <dl className="dl">
        {shown.map(({ purpose, granted, since }) => (
          <Fragment key={purpose}>
            <dt>{t(`consent.${purpose}`)}</dt>
            <dd>
              {granted === null || since === null
                ? t("consent.unasked")
                : t(granted ? "consent.yes" : "consent.no", { day: dayOf(since, zone) })}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

/** How often what is known of a customer is read again while it is on screen, in milliseconds: they may have agreed to more, or withdrawn it. */
const again = 15_000;

/** What the conversation is about. */
function Labelled({ labels }: Pick<ConversationDetail, "labels">) {
  const { t } = useTranslation("desk");
  if (labels.length === 0) return null;
  return (
    <section className="sec">
      <h2>{t("label.here")}</h2>
      <div className="row wrap">
        {labels.map((label) => (
          <LabelTag key={label.id} label={label} />
        ))}
      </div>
    </section>
  );
}

/** What a good colleague would whisper to you before you speak, always in the same order. */
export function CustomerPane({ conversation, view }: { conversation: string; view: ConversationView }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const now = useNow(60_000);
  const nameOf = useNameOf();
  const readable = mayRead(view, me);
  const { data, isError, refetch } = useQuery({ ...detail(conversation), enabled: readable, refetchInterval: again });
  const milestone = those(view.entries, isMilestone).at(-1)?.seq ?? 0;
  useEffect(() => {
    if (milestone > 0 && readable) void refetch();
  }, [milestone, readable, refetch]);

  // Nothing will come of a conversation that does not exist or may not be read.
  if (!data && (isError || view.gone !== null)) return null;
  if (!data)
    return (
      <div className="list-skeleton" aria-hidden="true">
        <div>
          <span className="skeleton" />
          <span>
            <span className="skeleton" />
            <span className="skeleton" />
          </span>
        </div>
      </div>
    );
  const name = nameOf(data.visitor);
  const product = cardOf(view.entries) ?? data.product;
  const before = data.history.filter((one) => one.conversation !== conversation);
  return (
    <>
      <div className="customer-head">
        <span className="av lg" aria-hidden="true">
          {initial(name)}
        </span>
        <div className="grow">
          <b className="s4" dir="auto">
            {name}
          </b>
          <div className="s2 t3">
            {data.visitor.first_seen_at !== null && (
              <>
                {t("customer.first_seen", { time: ago(data.visitor.first_seen_at, now, language) })}
                <i className="dot" />
              </>
            )}
            {t("customer.conversations", { count: data.visitor.conversations })}
          </div>
        </div>
      </div>
      <Known conversation={conversation} visitor={data.visitor} />
      <div className="scroll customer-scroll">
        {packetOf(view.entries) === null && <Handed conversation={conversation} view={view} />}
        <Labelled labels={data.labels} />
        {data.asked_about && <AskedAboutSection of={data.asked_about} />}
        {product && (
          <section className="sec">
            <h2>{t("customer.product")}</h2>
            <a className="plain-link" href={ofCompany(`/goods/${product.id}`)} target="_blank" rel="noopener">
              <ProductCard
                product={product}
                note={product.stock > 0 ? t("product.stock", { count: product.stock }) : t("product.none")}
              />
            </a>
          </section>
        )}
        {data.page && (
          <section className="sec">
            <h2>{t("customer.page")}</h2>
            {/^https?:\/\//.test(data.page.url) ? (
              <a className="s2" href={data.page.url} target="_blank" rel="noopener noreferrer" dir="auto">
                {data.page.title || data.page.url}
              </a>
            ) : (
              <span className="s2" dir="auto">
                {data.page.title || data.page.url}
              </span>
            )}
          </section>
        )}
        <Allowed consents={data.visitor.consents} zone={me.time_zone} />
        <Numbers data={data} zone={me.time_zone} />
        <section className="sec">
          <h2>
            {t("customer.history")}
            {before.length > 0 && <span className="n">{count(before.length, language)}</span>}
          </h2>
          {before.length === 0 ? (
            <p className="s2 t3">{t("customer.first_time")}</p>
          ) : (
            <ol className="trail">
              {before.map((one) => (
                <li key={one.conversation}>
                  <time>{dayOf(one.created_at, me.time_zone)}</time>
                  {one.preview === null ? (
                    <span className="el t3">{t("customer.not_yours")}</span>
                  ) : (
                    <Link
                      to="/inbox/$conversation"
                      params={{ conversation: one.conversation }}
                      search={({ list }) => (list === undefined ? {} : { list })}
                      className="el"
                      dir="auto"
                    >
                      {one.preview || t("row.nothing_yet")}
                    </Link>
                  )}
                  <span className="t3">{t(`standing.${one.state}`)}</span>
                </li>
              ))}
            </ol>
          )}
        </section>
        <Recommended conversation={conversation} enabled={readable && !isUpset(view.entries)} />
      </div>
    </>
  );
}
