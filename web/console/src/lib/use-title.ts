import { useEffect } from "react";
import { useTranslation } from "react-i18next";

/** Names the page in the browser's tab and history: its name, the product's, and in front how many conversations wait. */
export function useTitle(page: string, waiting = 0) {
  const { t } = useTranslation("shell");
  const product = t("product");
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${page === "" ? "" : `${page} – `}${product}`;
  }, [page, waiting, product]);
}
