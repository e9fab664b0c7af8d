import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { RoleView } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { useGrantWords } from "../lib/grants";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { isProblem, useProblemText } from "../lib/problem";
import { rolesQuery, useRoleWord } from "../lib/roles";
import { RowActs, type Act } from "../lib/row-acts";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { startOver } from "../shell/view-banner";
import { useDeleteRole, useLookAs } from "./queries";
import { RoleForm } from "./role-form";
import { RolesMatrix } from "./roles-matrix";
import "./settings.css";

/** How the roles are shown. */
type Form = "cards" | "matrix";

/** What a role may do, in words. */
function RoleCard({ role, acts }: { role: RoleView; acts: readonly Act[] }) {
  const { t } = useTranslation("settings");
  const roleWord = useRoleWord();
  const words = useGrantWords();
  const name = roleWord(role.id, role.name);
  return (
    <li className="card role-card" aria-label={name}>
      <div className="row wrap">
        <h2 className="grow">
          <span dir="auto">{name}</span>{" "}
          {role.updated_at === null && <span className="tag line">{t("role.built_in")}</span>}
        </h2>
        <Link className="num" to="/settings/people" search={{ role: role.id }}>
          {t("group.members", { count: role.members })}
        </Link>
        {acts.length > 0 && <RowActs name={name} acts={acts} />}
      </div>
      {role.about && (
        <p className="s2 t2" dir="auto">
          {role.about}
        </p>
      )}
      <ul className="role-grants s2">
        {role.grants.map((grant) => (
          <li key={grant.permission}>{words(grant)}</li>
        ))}
        {role.hides.length > 0 && (
          <li>{t("role.hides", { contacts: role.hides.map((one) => t(`contact.${one}`)).join(t("list.comma")) })}</li>
        )}
      </ul>
    </li>
  );
}

/** The roles, built-in and composed: what each of them may do, and who has it. */
export function RolesPage() {
  const { t } = useTranslation("settings");
  const me = useMe();
  const text = useProblemText();
  const found = useQuery(rolesQuery);
  const remove = useDeleteRole();
  const lookAs = useLookAs();
  const navigate = useNavigate();
  const [form, setForm] = useState<Form>("cards");
  const [editing, setEditing] = useState<RoleView | "new" | { like: RoleView } | null>(null);
  const all = found.data?.items ?? [];
  const composes = may(me, "roles.manage");
  const refuse = (role: string) => (error: unknown) =>
    isProblem(error, "role_in_use")
      ? toast(t("role.in_use", { count: error.count ?? 0 }), "hot", {
          word: t("in_use.show"),
          run: () => void navigate({ to: "/settings/people", search: { role } }),
        })
      : toast(text(error), "hot");
  const actsOf = (role: RoleView): Act[] => {
    if (!composes) return [];
    const copy = { word: t("role.copy"), run: () => setEditing({ like: role }) };
    const view = {
      word: t("role.view"),
      disabled: lookAs.isPending,
      run: () => lookAs.mutate(role.id, { onSuccess: startOver, onError: (error) => toast(text(error), "hot") }),
    };
    if (role.updated_at === null) return [copy, view];
    return [
      { word: t("edit"), label: t("edit.one", { name: role.name ?? "" }), run: () => setEditing(role) },
      copy,
      view,
      {
        word: t("delete"),
        disabled: remove.isPending,
        asks: { ask: t("delete.ask", { name: role.name ?? "" }), what: t("role.delete.what"), danger: true },
        run: () => remove.mutate(role.id, { onSuccess: () => toast(t("deleted")), onError: refuse(role.id) }),
      },
    ];
  };
  const base = editing !== null && editing !== "new" && !("like" in editing) ? editing : null;
  return (
    <>
      <ListPage
        data-tour="roles"
        title={t("side.roles")}
        add={composes ? { word: t("role.new"), run: () => setEditing("new") } : undefined}
        of={found}
        rows={all}
        loading={<LoadingRows rows={6} className="card settings-rows settings-card" />}
        empty={<p>{t("roles.what")}</p>}
      >
        <div className="row wrap settings-lead">
          <p className="s2 t2 grow">{t("roles.what")}</p>
          <Choice<Form>
            label={t("roles.form")}
            value={form}
            onChange={setForm}
            options={[
              { value: "cards", word: t("roles.form.cards") },
              { value: "matrix", word: t("roles.form.matrix") },
            ]}
          />
        </div>
        {form === "matrix" && found.data ? (
          <RolesMatrix roles={all} permissions={found.data.permissions} />
        ) : (
          <ul className="role-cards" aria-label={t("side.roles")}>
            {all.map((role) => (
              <RoleCard key={role.id} role={role} acts={actsOf(role)} />
            ))}
          </ul>
        )}
      </ListPage>
      {editing !== null && found.data && (
        <RoleForm
          key={base?.id ?? "new"}
          role={base}
          like={editing !== "new" && "like" in editing ? editing.like : null}
          permissions={found.data.permissions}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
