import { Button, Dialog } from "@yingda/antd";
import type { FileView } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "./file-dialog.css";
import { isProblem, useProblemText } from "./problem";
import { toast } from "./toast";

interface FileDialogProps {
  title: string;
  /** What the columns of the file are. */
  what: string;
  /** The heading of what a row is about. */
  subject: string;
  read(input: { file: Blob; apply: boolean }): Promise<FileView>;
  onClose(): void;
}

/** An import from a CSV file: what it would change, the invalid rows by line number, and then all of it or nothing. */
export function FileDialog({ title, what, subject, read, onClose }: FileDialogProps) {
  const { t } = useTranslation("curate");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<FileView | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const words = (error: unknown) =>
    isProblem(error, "knowledge_file")
      ? t("file.no_table", { line: error.field?.replace(/\D/g, "") ?? "1", what: error.message })
      : isProblem(error, "invalid_value")
        ? t("file.no_text")
        : isProblem(error, "conflict")
          ? t("file.conflict")
          : text(error);
  const run = async (chosen: File, apply: boolean) => {
    setBusy(true);
    setFault(null);
    try {
      const found = await read({ file: chosen, apply });
      if (apply) {
        toast(t("file.done", { added: found.new, changed: found.changed }));
        onClose();
      } else setSeen(found);
    } catch (error) {
      setFault(words(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setSeen(null);
    void run(chosen, false);
  };
  return (
    <Dialog
      open
      title={title}
      closeLabel={shell("close")}
      onClose={onClose}
      width="46rem"
      footer={
        <>
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button
            type="primary"
            disabled={!file || !seen || seen.bad > 0 || seen.rows.length === 0}
            loading={busy}
            onClick={() => file && void run(file, true)}
          >
            {t("file.apply")}
          </Button>
        </>
      }
    >
      <div className="file-dialog">
        <p className="t2">{what}</p>
        <label className="file-choose">
          <span className="b">{file ? file.name : t("file.choose")}</span>
          <input
            type="file"
            accept=".csv,text/csv"
            aria-label={t("file.choose")}
            onChange={(event) => choose(event.target.files?.[0])}
          />
        </label>
        {fault && (
          <p className="notice hot" role="alert">
            {fault}
          </p>
        )}
        {seen && (
          <p role="status">
            {t("file.sum", { added: seen.new, changed: seen.changed, same: seen.same, bad: seen.bad })}
          </p>
        )}
        {seen && seen.bad > 0 && (
          <p className="notice hot" role="alert">
            {t("file.bad", { count: seen.bad })}
          </p>
        )}
        {seen && seen.rows.length > 0 && (
          <div className="scroll file-rows" tabIndex={0} role="region" aria-label={t("file.rows")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("file.line")}</th>
                  <th scope="col">{subject}</th>
                  <th scope="col">{t("file.change")}</th>
                </tr>
              </thead>
              <tbody>
                {[...seen.rows]
                  .sort((a, b) => Number(b.errors.length > 0) - Number(a.errors.length > 0))
                  .map((row) => (
                    <tr key={row.line}>
                      <td className="n">{row.line}</td>
                      <th scope="row">{row.name}</th>
                      <td>
                        {row.errors.length > 0 ? (
                          <ul>
                            {row.errors.map((one, at) => (
                              <li key={at} className="hot">
                                {t("file.cell", {
                                  column: one.column,
                                  what: t(`file.error.${one.code}`, { defaultValue: one.title }),
                                })}
                              </li>
                            ))}
                          </ul>
                        ) : (
                          <span className={row.change === "new" ? "tag ok" : "tag warn"}>
                            {t(`file.${row.change}`)}
                          </span>
                        )}
                        {row.elsewhere.length > 0 && (
                          <p className="s1 t2">{t("file.elsewhere", { words: row.elsewhere.join(" · ") })}</p>
                        )}
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </Dialog>
  );
}
