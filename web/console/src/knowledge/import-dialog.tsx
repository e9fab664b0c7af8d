import { Button, Dialog } from "@yingda/antd";
import type { ImportView } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useImport } from "./queries";

/** An import from a CSV file: what it would change, the invalid rows by line number, and then all of it or nothing. */
export function ImportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const read = useImport();
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<ImportView | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const words = (error: unknown) =>
    isProblem(error, "knowledge_file")
      ? t("import.no_table", { line: error.field?.replace(/\D/g, "") ?? "1", what: error.message })
      : isProblem(error, "invalid_value")
        ? t("import.no_text")
        : text(error);
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setSeen(null);
    setFault(null);
    read.mutate({ file: chosen, apply: false }, { onSuccess: setSeen, onError: (error) => setFault(words(error)) });
  };
  const apply = () => {
    if (!file) return;
    read.mutate(
      { file, apply: true },
      {
        onSuccess: (done) => {
          toast(t("import.done", { added: done.new, changed: done.changed }));
          onClose();
        },
        onError: (error) => setFault(isProblem(error, "conflict") ? t("import.conflict") : words(error)),
      },
    );
  };
  return (
    <Dialog open title={t("import")} closeLabel={t("close")} onClose={onClose} width="46rem">
      <div className="kn-form">
        <p className="t2">{t("import.what")}</p>
        <label className="kn-file">
          <span className="b">{file ? file.name : t("import.choose")}</span>
          <input
            type="file"
            accept=".csv,text/csv"
            aria-label={t("import.choose")}
            onChange={(event) => choose(event.target.files?.[0])}
          />
        </label>
        {fault && (
          <p className="notice hot" role="alert">
            {fault}
          </p>
        )}
        {read.isPending && (
          <p className="t3" role="status">
            {t("import.reading")}
          </p>
        )}
        {seen && (
          <>
            <p role="status">
              {t("import.sum", { added: seen.new, changed: seen.changed, same: seen.same, bad: seen.bad })}
            </p>
            {seen.bad > 0 && (
              <p className="notice hot" role="alert">
                {t("import.bad", { count: seen.bad })}
              </p>
            )}
            {seen.rows.length > 0 && (
              <div className="scroll kn-import-rows">
                <table className="kn-tests-table">
                  <thead>
                    <tr>
                      <th scope="col">{t("import.line")}</th>
                      <th scope="col">{t("field.question")}</th>
                      <th scope="col">{t("import.change")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {[...seen.rows]
                      .sort((a, b) => Number(b.errors.length > 0) - Number(a.errors.length > 0))
                      .map((row) => (
                        <tr key={row.line} className={row.errors.length > 0 ? "kn-bad" : undefined}>
                          <td>{row.line}</td>
                          <th scope="row">{say(row.question, language) || row.id}</th>
                          <td>
                            {row.errors.length > 0 ? (
                              <ul>
                                {row.errors.map((one, at) => (
                                  <li key={at} className="hot">
                                    {t("import.cell", { column: one.column, what: t(`import.error.${one.code}`) })}
                                  </li>
                                ))}
                              </ul>
                            ) : (
                              <span className={row.change === "new" ? "tag ok" : "tag warn"}>
                                {t(`state.${row.change}`)}
                              </span>
                            )}{" "}
                            {row.fields.map((field) => t(`field.${field}`)).join(t("and"))}
                          </td>
                        </tr>
                      ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
        <div className="row kn-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            type="primary"
            disabled={!seen || seen.bad > 0 || seen.rows.length === 0}
            loading={read.isPending}
            onClick={apply}
          >
            {t("import.apply")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
