import type { RoleView } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { isPlain, useReachWords, type Possible } from "../lib/grants";
import { useRoleWord } from "../lib/roles";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";

interface Props {
  roles: readonly RoleView[];
  permissions: readonly Possible[];
}

/** What a row is about: a permission, or the contacts that are masked. */
type Row = Possible["permission"] | "hides";

/** Which role may do what, and how far: a row for each permission, a column for each role. */
export function RolesMatrix({ roles, permissions }: Props) {
  const { t } = useTranslation("settings");
  const roleWord = useRoleWord();
  const reachWords = useReachWords();
  const none = <span className="t3">{t("roles.matrix.no")}</span>;
  const cellOf = (role: RoleView, row: Row) => {
    if (row === "hides")
      return role.hides.length > 0 ? role.hides.map((one) => t(`contact.${one}`)).join(t("list.comma")) : none;
    const held = role.grants.find((grant) => grant.permission === row);
    if (!held) return none;
    return isPlain(row) ? t("roles.matrix.yes") : reachWords(held.reach);
  };
  const columns: readonly Column<Row>[] = [
    {
      id: "permission",
      title: t("roles.matrix.permission"),
      isHeading: true,
      cell: (row) => (row === "hides" ? t("field.hides") : t(`permission.${row}`)),
    },
    ...roles.map((role) => ({
      id: role.id,
      title: roleWord(role.id, role.name),
      cell: (row: Row) => cellOf(role, row),
    })),
  ];
  return (
    <Table
      label={t("side.roles")}
      form="values"
      className="card roles-matrix"
      columns={columns}
      rows={[...permissions.map(({ permission }) => permission), "hides"]}
      keyOf={(row) => row}
    />
  );
}
