import { useTranslation } from "react-i18next";

/** The words of a value that the server sends; a newer server may have one that this page does not know. */
export function useKnown() {
  const { t, i18n } = useTranslation("desk");
  return (key: string, otherwise: string) => (i18n.exists(`desk:${key}`) ? t(key as "packet.title") : otherwise);
}
