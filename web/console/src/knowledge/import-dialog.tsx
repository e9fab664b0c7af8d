import { useTranslation } from "react-i18next";
import { FileDialog } from "../lib/file-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useImport } from "./queries";

/** An import of answers into the draft from a CSV file. */
export function ImportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const { mutateAsync } = useImport();
  const read = async (input: { file: Blob; apply: boolean }) => {
    const { rows, ...sums } = await mutateAsync(input);
    const named = rows.map(({ question, id, fields, ...row }) => ({
      ...row,
      name: say(question, language) || id,
      about: fields.map((field) => t(`field.${field}`)).join(t("and")),
      elsewhere: [],
    }));
    return { ...sums, rows: named };
  };
  return (
    <FileDialog
      title={t("import")}
      what={t("import.what")}
      subject={t("field.question")}
      apply={t("import.apply")}
      wordOf={({ code }) => t(`import.error.${code}`)}
      read={read}
      onClose={onClose}
    />
  );
}
