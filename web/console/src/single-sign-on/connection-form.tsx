import { Input } from "@yingda/antd";
import type { SingleSignOn } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { RoleOptions } from "../lib/role-options";
import { useRoleWord } from "../lib/roles";
import { Switched } from "../lib/switched";
import { useProved } from "../sessions/prove-dialog";
import { GroupRoles } from "./group-roles";
import { filled, listed, useConnectionEditor, type ConnectionEditor } from "./use-connection-editor";

interface TextProps {
  editor: ConnectionEditor;
  name: "issuer" | "client_id" | "groups_claim";
  required?: boolean;
  autoFocus?: boolean;
}

function Text({ editor: { fields, set, faults }, name, required = false, autoFocus = false }: TextProps) {
  const { t } = useTranslation("sso");
  return (
    <Field label={t(`field.${name}`)} hint={t(`hint.${name}`)} error={faults[name]} required={required}>
      {(ids) => (
        <Input
          {...ids}
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={fields[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

function Otherwise({ editor: { fields, set, faults } }: { editor: ConnectionEditor }) {
  const { t } = useTranslation("sso");
  return (
    <Field label={t("field.role_otherwise")} hint={t("hint.role_otherwise")} error={faults.role_otherwise}>
      {({ status: _, ...ids }) => (
        <select
          {...ids}
          value={fields.role_otherwise}
          onChange={(event) => set({ role_otherwise: event.target.value })}
        >
          <option value="">{t("role.none")}</option>
          <RoleOptions keep={[fields.role_otherwise]} />
        </select>
      )}
    </Field>
  );
}

/** Sets up the connection to the identity provider, or edits it. */
export function ConnectionForm({ connection, onClose }: { connection: SingleSignOn | null; onClose(): void }) {
  const { t } = useTranslation("sso");
  const roleWord = useRoleWord();
  const { proved, dialog } = useProved();
  const editor = useConnectionEditor(connection, proved, onClose);
  const { fields, set, faults } = editor;
  const yes = (is: boolean) => (is ? t("yes") : t("no"));
  return (
    <>
      <FormDialog
        editor={editor}
        title={connection ? t("form.edit") : t("form.new")}
        lines={(of) => [
          { label: t("field.issuer"), value: of.issuer, named: true },
          { label: t("field.client_id"), value: of.client_id },
          { label: t("field.domains"), value: listed(of.domains).join("\n") },
          { label: t("field.groups_claim"), value: of.groups_claim },
          {
            label: t("field.roles"),
            value: filled(of.roles)
              .map((one) => `${one.group}: ${roleWord(one.role)}`)
              .join("\n"),
          },
          {
            label: t("field.role_otherwise"),
            value: of.role_otherwise ? roleWord(of.role_otherwise) : t("role.none"),
          },
          { label: t("field.creates"), value: yes(of.creates) },
          { label: t("field.required"), value: yes(of.required) },
        ]}
        width="42rem"
      >
        <Text editor={editor} name="issuer" required autoFocus />
        <div className="form-two">
          <Text editor={editor} name="client_id" required />
          <Field
            label={t("field.client_secret")}
            hint={connection ? t("hint.client_secret_kept") : t("hint.client_secret")}
            error={faults.client_secret}
            required={connection === null}
          >
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="new-password"
                maxLength={500}
                value={fields.client_secret}
                onChange={(event) => set({ client_secret: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Field label={t("field.domains")} hint={t("hint.domains")} error={faults.domains} required>
          {({ status, ...ids }) => (
            <Input.TextArea
              {...ids}
              status={status}
              rows={2}
              spellCheck={false}
              value={fields.domains}
              onChange={(event) => set({ domains: event.target.value })}
            />
          )}
        </Field>
        <Text editor={editor} name="groups_claim" />
        <GroupRoles editor={editor} />
        <Otherwise editor={editor} />
        <Switched
          label={t("field.creates")}
          hint={t("hint.creates")}
          value={fields.creates}
          onChange={(creates) => set({ creates })}
        />
        <Switched
          label={t("field.required")}
          hint={t("hint.required")}
          value={fields.required}
          onChange={(required) => set({ required })}
        />
        {faults.required && (
          <p className="field-error" role="alert">
            {faults.required}
          </p>
        )}
      </FormDialog>
      {dialog}
    </>
  );
}
