import { Button, Input } from "@yingda/antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { RoleOptions } from "../lib/role-options";
import { proposed } from "../lib/roles";
import type { ConnectionEditor, GroupRow } from "./use-connection-editor";

/** Which group gives which role: the first that somebody belongs to counts. */
export function GroupRoles({ editor: { fields, set, faults } }: { editor: ConnectionEditor }) {
  const { t } = useTranslation("sso");
  const words = useId();
  const change = (row: number, to: Partial<GroupRow>) =>
    set({ roles: fields.roles.map((one) => (one.row === row ? { ...one, ...to } : one)) });
  const add = () => {
    const row = Math.max(-1, ...fields.roles.map((one) => one.row)) + 1;
    set({ roles: [...fields.roles, { row, group: "", role: proposed }] });
  };
  return (
    <fieldset
      className="check-group"
      tabIndex={-1}
      aria-invalid={faults.roles ? true : undefined}
      aria-describedby={words}
    >
      <legend>{t("field.roles")}</legend>
      {fields.roles.map((one, index) => (
        <div className="row sso-group" key={one.row}>
          <Input
            aria-label={t("field.group", { n: index + 1 })}
            autoComplete="off"
            spellCheck={false}
            maxLength={500}
            placeholder={t("group.example")}
            value={one.group}
            onChange={(event) => change(one.row, { group: event.target.value })}
          />
          <select
            aria-label={t("field.group_role", { n: index + 1 })}
            value={one.role}
            onChange={(event) => change(one.row, { role: event.target.value })}
          >
            <RoleOptions keep={[one.role]} />
          </select>
          <button
            type="button"
            className="ib"
            aria-label={t("group.remove", { n: index + 1 })}
            title={t("group.remove", { n: index + 1 })}
            onClick={() => set({ roles: fields.roles.filter((other) => other.row !== one.row) })}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <div className="row">
        <Button size="small" onClick={add}>
          {t("group.add")}
        </Button>
      </div>
      <span id={words} className={faults.roles ? "field-words field-error" : "field-words s1 t3"}>
        {faults.roles ?? t("hint.roles")}
      </span>
    </fieldset>
  );
}
