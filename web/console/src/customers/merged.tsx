import { Button } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CustomerContact } from "../lib/contact";
import { dayOf } from "../lib/format";
import { useRefused } from "../lib/mutations";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useCustomerName } from "./names";
import { useUndoMerge } from "./queries";

type Merged = Schema<"MergedProfile">;

/** Undoes that a customer is merged into another one, if the member may. */
function Undo({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation("customers");
  const me = useMe();
  const undo = useUndoMerge();
  const refused = useRefused();
  if (!may(me, "customers.edit")) return null;
  return (
    <Button
      size="small"
      loading={undo.isPending}
      aria-label={t("merged.undo.one", { name })}
      onClick={() => undo.mutate(id, { onSuccess: () => toast(t("merged.undone")), onError: refused })}
    >
      {t("merged.undo")}
    </Button>
  );
}

/** That a customer is shown by another one's profile. */
export function MergedInto({ id, into }: { id: string; into: Merged }) {
  const { t } = useTranslation("customers");
  const name = useCustomerName()(into);
  return (
    <div className="notice row wrap customer-merged-into">
      <span>{t("merged.into")}</span>
      <Link to="/customers/$customer" params={{ customer: into.id }} dir="auto">
        {name}
      </Link>
      <Undo id={id} name={name} />
    </div>
  );
}

/** Those whom the staff take for the same person, each with how they can be reached. */
export function MergedHere({ merged }: { merged: readonly Merged[] }) {
  const { t } = useTranslation("customers");
  const { time_zone: zone } = useMe();
  const nameOf = useCustomerName();
  if (merged.length === 0) return null;
  return (
    <>
      <h3 id="customer-merged">{t("merged")}</h3>
      <ul className="customer-merged" aria-labelledby="customer-merged">
        {merged.map((one) => (
          <li key={one.id}>
            <span className="row wrap">
              <b dir="auto">{nameOf(one)}</b>
              <span className="s2 t3">
                {one.merged_by === null
                  ? t("merged.since", { day: dayOf(one.merged_at, zone) })
                  : t("merged.by", { day: dayOf(one.merged_at, zone), name: one.merged_by })}
              </span>
              <span className="grow" />
              <Undo id={one.id} name={nameOf(one)} />
            </span>
            {one.contacts.map((contact) => (
              <span key={`${contact.from}:${contact.masked}`}>
                <CustomerContact customer={one.id} contact={contact} />
                <span className="s1 t3 customer-source">{t(`from.${contact.from as "staff"}`)}</span>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
