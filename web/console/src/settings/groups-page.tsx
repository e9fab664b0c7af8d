import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Group } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { isProblem, useProblemText } from "../lib/problem";
import { RowActs, type Act } from "../lib/row-acts";
import { toast } from "../lib/toast";
import { GroupForm } from "./group-form";
import { groups, useDeleteGroup } from "./queries";
import { useDepartmentPath } from "./use-department-path";
import "./settings.css";

/** Groups of the staff. */
export function GroupsPage() {
  const { t } = useTranslation("settings");
  const text = useProblemText();
  const found = useQuery(groups);
  const remove = useDeleteGroup();
  const navigate = useNavigate();
  const pathOf = useDepartmentPath();
  const [editing, setEditing] = useState<Group | "new" | null>(null);
  const all = found.data?.items ?? [];
  // The members that prevent the deletion are one press away.
  const refuse = (group: string) => (error: unknown) =>
    isProblem(error, "group_in_use")
      ? toast(t("group.in_use", { count: error.count ?? 0 }), "hot", {
          word: t("in_use.show"),
          run: () => void navigate({ to: "/settings/people", search: { group } }),
        })
      : toast(text(error), "hot");
  const actsOf = (group: Group): Act[] => [
    { word: t("edit"), label: t("edit.one", { name: group.name }), run: () => setEditing(group) },
    {
      word: t("delete"),
      disabled: remove.isPending,
      asks: { ask: t("delete.ask", { name: group.name }), what: t("group.delete.what"), danger: true },
      run: () => remove.mutate(group.id, { onSuccess: () => toast(t("deleted")), onError: refuse(group.id) }),
    },
  ];
  return (
    <>
      <ListPage
        title={t("side.groups")}
        add={{ word: t("group.new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingRows rows={3} className="card settings-rows settings-card" />}
        empty={
          <>
            <p>{t("groups.none")}</p>
            <p>{t("groups.what")}</p>
          </>
        }
      >
        <ul className="card settings-rows settings-card" aria-label={t("side.groups")}>
          {all.map((group) => (
            <li key={group.id} className="row" aria-label={group.name}>
              <span className="grow">
                <b>{group.name}</b>
                <span className="settings-line s2 t3">{pathOf(group.department)}</span>
              </span>
              <Link className="num" to="/settings/people" search={{ group: group.id }}>
                {t("group.members", { count: group.members })}
              </Link>
              <RowActs name={group.name} acts={actsOf(group)} />
            </li>
          ))}
        </ul>
      </ListPage>
      {editing !== null && <GroupForm group={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}
