import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Department } from "@yingda/api/types";
import { useState, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { RowActs, type Act } from "../lib/row-acts";
import { toast } from "../lib/toast";
import { DepartmentForm } from "./department-form";
import { inOrder, membersIn } from "./departments";
import { departments, useDeleteDepartment } from "./queries";
import "./settings.css";

/** The form that is open: of a department, or of a new one below another. */
type Editing = { department: Department | null; parent: string | null };

/** The departments of the staff, as a tree. */
export function DepartmentsPage() {
  const { t } = useTranslation("settings");
  const found = useQuery(departments);
  const remove = useDeleteDepartment();
  const refuse = useRefused();
  const [editing, setEditing] = useState<Editing | null>(null);
  const all = found.data?.items ?? [];
  const nameOf = (id: string | null) => all.find((one) => one.id === id)?.name;
  const actsOf = (department: Department): Act[] => {
    const into = nameOf(department.parent);
    return [
      {
        word: t("edit"),
        label: t("edit.one", { name: department.name }),
        run: () => setEditing({ department, parent: department.parent }),
      },
      {
        word: t("department.new"),
        label: t("department.new_below", { name: department.name }),
        run: () => setEditing({ department: null, parent: department.id }),
      },
      {
        word: t("delete"),
        disabled: remove.isPending,
        asks: {
          ask: t("delete.ask", { name: department.name }),
          what: into === undefined ? t("department.delete.what") : t("department.delete.into", { name: into }),
          danger: true,
        },
        run: () => remove.mutate(department.id, { onSuccess: () => toast(t("deleted")), onError: refuse }),
      },
    ];
  };
  return (
    <>
      <ListPage
        title={t("side.departments")}
        add={{ word: t("department.new"), run: () => setEditing({ department: null, parent: null }) }}
        of={found}
        rows={all}
        loading={<LoadingRows rows={3} className="card settings-rows settings-card" />}
        empty={
          <>
            <p>{t("departments.none")}</p>
            <p>{t("departments.what")}</p>
          </>
        }
      >
        <ul className="card settings-rows settings-card" aria-label={t("side.departments")}>
          {inOrder(all).map(({ department, level, path }) => (
            <li
              key={department.id}
              className="row settings-branch"
              aria-label={path.join(" / ")}
              style={{ "--level": level - 1 } as CSSProperties}
            >
              <b className="grow" dir="auto">
                {department.name}
                <span className="sr"> {t("department.level", { level })}</span>
              </b>
              {department.groups > 0 && (
                <span className="s2 t2">{t("department.groups", { count: department.groups })}</span>
              )}
              <Link className="num" to="/settings/people" search={{ department: department.id }}>
                {t("department.members", { count: membersIn(all, department.id) })}
              </Link>
              <RowActs name={department.name} acts={actsOf(department)} />
            </li>
          ))}
        </ul>
      </ListPage>
      {editing !== null && (
        <DepartmentForm
          key={editing.department?.id ?? `below ${editing.parent ?? "none"}`}
          department={editing.department}
          parent={editing.parent}
          all={all}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
