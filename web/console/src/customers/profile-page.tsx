import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { Schema } from "@yingda/api/types";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { LabelTag } from "../labels/label-tag";
import { CustomerContact } from "../lib/contact";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { LoadingRows } from "../lib/loading";
import { useRefused, useUndo } from "../lib/mutations";
import { Page } from "../lib/page";
import { partOf } from "../lib/parts";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { CustomerForm } from "./customer-form";
import { MergeDialog } from "./merge-dialog";
import { MergedHere, MergedInto } from "./merged";
import { useCustomerName } from "./names";
import { profile, useLabelCustomer } from "./queries";
import { Timeline } from "./timeline";
import "./customers.css";

const LabelDialog = partOf(async () => (await import("../desk/label-dialog")).LabelDialog);

/** Who the customer is, how they can be reached, and what the staff noted. */
function Facts({ of }: { of: Schema<"CustomerProfile"> }) {
  const { t } = useTranslation("customers");
  const { language } = usePrefs();
  const { time_zone: zone } = useMe();
  return (
    <section className="card customer-facts" aria-labelledby="customer-facts">
      <h2 id="customer-facts">{t("facts")}</h2>
      {of.labels.length > 0 && (
        <ul className="row wrap" aria-label={t("field.labels")}>
          {of.labels.map((label) => (
            <li key={label.id}>
              <Link to="/customers" search={{ label: label.id }}>
                <LabelTag label={label} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <dl className="dl">
        {of.contacts.map((contact) => (
          <div key={`${contact.from}:${contact.masked}`} className="customer-fact">
            <dt>{t(contact.kind === "email" ? "field.email" : "field.mobile")}</dt>
            <dd>
              <CustomerContact customer={of.id} contact={contact} />
              <span className="s1 t3 customer-source">{t(`from.${contact.from as "staff"}`)}</span>
            </dd>
          </div>
        ))}
        {of.subject !== null && (
          <div className="customer-fact">
            <dt>{t("field.subject")}</dt>
            <dd>
              <bdi>{of.subject}</bdi>
            </dd>
          </div>
        )}
        <div className="customer-fact">
          <dt>{t("field.lang")}</dt>
          <dd>{t(`lang.${of.lang}`)}</dd>
        </div>
        <div className="customer-fact">
          <dt>{t("field.since")}</dt>
          <dd>
            <bdi>{dayAndTime(of.created_at, zone)}</bdi>
          </dd>
        </div>
        <div className="customer-fact">
          <dt>{t("field.conversations")}</dt>
          <dd>
            {of.conversations === 0 ? (
              count(0, language)
            ) : (
              <Link className="num" to="/records" search={{ customer: of.id }}>
                {count(of.conversations, language)}
              </Link>
            )}
          </dd>
        </div>
      </dl>
      <MergedHere merged={of.merged} />
      {of.note !== null && (
        <>
          <h3>{t("field.note")}</h3>
          <p className="customer-note" dir="auto">
            {of.note}
          </p>
        </>
      )}
    </section>
  );
}

/** A customer: what is known, and all that happened with them. */
export function ProfilePage() {
  const { customer } = useParams({ from: "/inside/customers/$customer" });
  // Nothing of one customer is shown of the next.
  return <Profile key={customer} id={customer} />;
}

function Profile({ id }: { id: string }) {
  const { t } = useTranslation("customers");
  const me = useMe();
  const nameOf = useCustomerName();
  const found = useQuery(profile(id));
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const [labelling, setLabelling] = useState(false);
  const label = useLabelCustomer();
  const undo = useUndo();
  const refused = useRefused();
  const give = (given: string[]) => {
    const before = one?.labels.map((each) => each.id) ?? [];
    label.mutate(
      { id, labels: given },
      {
        onSuccess: () => undo(t("label.saved"), () => label.mutateAsync({ id, labels: before })),
        onError: refused,
      },
    );
  };
  const isGone = isProblem(found.error, "not_found") || isProblem(found.error, "invalid_value");
  const one = isGone ? undefined : found.data;
  return (
    <>
      <Page
        title={one ? nameOf(one) : t("profile")}
        about={
          <Link className="s2" to="/customers" search={{}}>
            {t("back")}
          </Link>
        }
        acts={
          one &&
          may(me, "customers.edit") && (
            <>
              <Button onClick={() => setLabelling(true)}>{t("label.act")}</Button>
              {one.merged_into === null && <Button onClick={() => setMerging(true)}>{t("merge.open")}</Button>}
              <Button onClick={() => setEditing(true)}>{t("edit")}</Button>
            </>
          )
        }
        className="customer-profile"
      >
        {isGone ? (
          <div className="empty">
            <p>{t("gone")}</p>
          </div>
        ) : (
          <>
            <Failed of={found} />
            {found.isPending && <LoadingRows rows={6} />}
            {one?.merged_into && <MergedInto id={id} into={one.merged_into} />}
            {one && (
              <div className="customer-columns">
                <Facts of={one} />
                <Timeline of={id} />
              </div>
            )}
          </>
        )}
      </Page>
      {one && labelling && (
        <Suspense fallback={null}>
          <LabelDialog given={one.labels} onClose={() => setLabelling(false)} onLabel={give} />
        </Suspense>
      )}
      {one && merging && <MergeDialog into={one} onClose={() => setMerging(false)} />}
      {one && editing && <CustomerForm of={one} onClose={() => setEditing(false)} />}
    </>
  );
}
