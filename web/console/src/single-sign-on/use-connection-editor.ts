import type { SingleSignOn } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useEditor } from "../lib/use-editor";
import type { Proved } from "../sessions/prove-dialog";
import { currentConnection, useSetUp } from "./queries";

/** A group and its role, as they are typed. */
export interface GroupRow {
  /** Tells rows apart while they are edited. */
  row: number;
  group: string;
  role: string;
}

/** The mail domains that were typed, however they are separated. */
export const listed = (text: string) => text.split(/[\s,，、;；]+/).filter((one) => one !== "");
/** The groups that were entered. */
export const filled = (rows: readonly GroupRow[]) => rows.filter((one) => one.group.trim() !== "");

const fieldsOf = (of: SingleSignOn | null) => ({
  issuer: of?.issuer ?? "",
  client_id: of?.client_id ?? "",
  client_secret: "",
  domains: of?.domains.join("\n") ?? "",
  groups_claim: of?.groups_claim ?? "",
  roles: (of?.roles ?? []).map((one, row): GroupRow => ({ row, ...one })),
  role_otherwise: of?.role_otherwise ?? "",
  creates: of?.creates ?? false,
  required: of?.required ?? false,
});

/** The form of the connection to the identity provider. Saving it needs a recent proof of who one is. */
export function useConnectionEditor(connection: SingleSignOn | null, proved: Proved["proved"], onClose: () => void) {
  const { t } = useTranslation("sso");
  const setUp = useSetUp();
  return useEditor({
    record: connection,
    secret: true,
    fieldsOf,
    shows: ["issuer", "client_id", "client_secret", "domains", "groups_claim", "roles", "role_otherwise", "required"],
    check: (fields) => ({
      issuer: !/^https?:\/\/\S+$/i.test(fields.issuer.trim()) && t("fault.issuer"),
      client_id: fields.client_id.trim() === "" && t("fault.client_id"),
      client_secret: connection === null && fields.client_secret.trim() === "" && t("fault.client_secret"),
      domains: listed(fields.domains).length === 0 && t("fault.domains"),
      groups_claim: filled(fields.roles).length > 0 && fields.groups_claim.trim() === "" && t("fault.groups_claim"),
      role_otherwise:
        fields.creates &&
        filled(fields.roles).length === 0 &&
        fields.role_otherwise === "" &&
        t("fault.role_otherwise"),
    }),
    save: ({ client_secret, ...fields }, base) =>
      proved(() =>
        setUp.mutateAsync({
          ...fields,
          issuer: fields.issuer.trim(),
          client_id: fields.client_id.trim(),
          ...(client_secret.trim() === "" ? {} : { client_secret: client_secret.trim() }),
          domains: listed(fields.domains),
          groups_claim: fields.groups_claim.trim(),
          roles: filled(fields.roles).map(({ group, role }) => ({ group: group.trim(), role })),
          role_otherwise: fields.role_otherwise === "" ? null : fields.role_otherwise,
          seen: base?.updated_at ?? null,
        }),
      ),
    current: currentConnection,
    refused: ({ field, code }) =>
      field === "issuer"
        ? { text: t("fault.issuer_refused") }
        : field === "domains"
          ? { text: t("fault.domains_refused") }
          : field === "client_secret" && code === "missing_field"
            ? { text: t("fault.client_secret_anew") }
            : {},
    saved: () => t("saved"),
    onClose,
  });
}
export type ConnectionEditor = ReturnType<typeof useConnectionEditor>;
