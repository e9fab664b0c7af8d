import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Group } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Conflict, metBy, type Line, type Other } from "../lib/conflict";
import { Failed } from "../lib/failed";
import { Icon } from "../lib/icon";
import { LoadingRows } from "../lib/loading";
import { isProblem, useProblemText } from "../lib/problem";
import { RowActs } from "../lib/row-acts";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { Field, FormFaults, useFaultsOf, type Faults } from "./field";
import { currentGroup, groups, useCreateGroup, useDeleteGroup, useRenameGroup } from "./queries";
import "./settings.css";

function GroupForm({ group, onClose }: { group: Group | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const faultsOf = useFaultsOf();
  const create = useCreateGroup();
  const rename = useRenameGroup();
  const [name, setName] = useState(group?.name ?? "");
  const [base, setBase] = useState(group);
  const [faults, setFaults] = useState<Faults>({});
  const [other, setOther] = useState<Other<Group> | null>(null);
  const busy = create.isPending || rename.isPending;
  const save = async (over: Group | null) => {
    if (name.trim() === "") {
      setFaults({ name: t("fault.name") });
      return;
    }
    try {
      if (over) await rename.mutateAsync({ id: over.id, name: name.trim(), seen: over.updated_at });
      else await create.mutateAsync(name.trim());
      toast(t("saved"));
      onClose();
    } catch (error) {
      try {
        const met = over && (await metBy(error, () => currentGroup(over.id)));
        if (met) {
          setOther(met);
          return;
        }
      } catch (reason) {
        setFaults(faultsOf(reason, []));
        return;
      }
      setFaults(faultsOf(error, ["name"]));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save(base);
  };
  const lines = (value: string): Line[] => [{ label: t("field.group_name"), value, named: true }];
  return (
    <Dialog
      open
      title={group ? t("group.rename") : t("group.new")}
      closeLabel={t("close")}
      onClose={onClose}
      width={other === null ? "26rem" : "38rem"}
    >
      {other !== null ? (
        <Conflict
          mine={lines(name)}
          theirs={other === "deleted" ? null : lines(other.name)}
          onTheirs={() => {
            if (other === "deleted") onClose();
            else {
              setBase(other);
              setName(other.name);
              setOther(null);
            }
          }}
          onMine={() => {
            const over = other === "deleted" ? null : other;
            setBase(over);
            setOther(null);
            void save(over);
          }}
        />
      ) : (
        <form className="settings-form" onSubmit={submit} noValidate>
          <Field label={t("field.group_name")} error={faults.name}>
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                autoComplete="off"
                maxLength={40}
                value={name}
                onChange={(event) => {
                  setName(event.target.value);
                  setFaults({});
                }}
              />
            )}
          </Field>
          <FormFaults faults={faults} />
          <div className="row settings-acts">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={busy}>
              {t("save")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** Groups of the staff. */
export function GroupsPage() {
  const { t } = useTranslation("settings");
  const text = useProblemText();
  const allowed = may(useMe(), "people.manage");
  const found = useQuery({ ...groups, enabled: allowed });
  const remove = useDeleteGroup();
  const navigate = useNavigate();
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
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t("side.groups")}</h1>
        <span className="grow" />
        {allowed && (
          <Button type="primary" onClick={() => setEditing("new")}>
            <Icon name="plus" />
            {t("group.new")}
          </Button>
        )}
      </header>
      <div className="page-body" data-pane tabIndex={-1}>
        {!allowed && (
          <p className="notice warn" role="alert">
            {text("not_permitted")}
          </p>
        )}
        <Failed of={found} />
        {allowed && found.isPending && <LoadingRows rows={3} className="card settings-rows settings-card" />}
        {found.isSuccess && all.length === 0 && (
          <div className="empty">
            <p>{t("groups.none")}</p>
            <p>{t("groups.what")}</p>
          </div>
        )}
        {all.length > 0 && (
          <ul className="card settings-rows settings-card" aria-label={t("side.groups")}>
            {all.map((group) => (
              <li key={group.id} className="row" aria-label={group.name}>
                <b className="grow">{group.name}</b>
                <Link className="num" to="/settings/people" search={{ group: group.id }}>
                  {t("group.members", { count: group.members })}
                </Link>
                <RowActs
                  name={group.name}
                  acts={[
                    { word: t("rename"), label: t("rename.one", { name: group.name }), run: () => setEditing(group) },
                    {
                      word: t("delete"),
                      disabled: remove.isPending,
                      asks: { ask: t("delete.ask", { name: group.name }), what: t("group.delete.what"), danger: true },
                      run: () =>
                        remove.mutate(group.id, { onSuccess: () => toast(t("deleted")), onError: refuse(group.id) }),
                    },
                  ]}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      {editing !== null && (
        <GroupForm
          key={editing === "new" ? "new" : editing.id}
          group={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}
