import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";

/** What a customer is called: by name, otherwise by what leads to them, masked, or by their site's own id. */
export function useCustomerName(): (of: Pick<Schema<"CustomerSummary">, "name" | "contacts" | "subject">) => string {
  const { t } = useTranslation("customers");
  return ({ name, contacts, subject }) => name ?? contacts[0]?.masked ?? subject ?? t("unnamed");
}
