import { Button } from "@yingda/antd";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import "./conflict.css";
import { isProblem } from "./problem";

/** What is there now instead of the version that was changed: a newer version, or nothing. */
export type Other<T> = T | "deleted";

/** The current version after a refused change, freshly read; null if the refusal has a different reason. Rejects if it cannot be read. */
export async function metBy<T>(refusal: unknown, read: () => Promise<T | null>): Promise<Other<T> | null> {
  if (!isProblem(refusal, "conflict") && !isProblem(refusal, "not_found")) return null;
  try {
    return (await read()) ?? "deleted";
  } catch (error) {
    if (isProblem(error, "not_found")) return "deleted";
    throw error;
  }
}

/** A line of a version: its label, its text, and its language. A `named` line is always shown, so that everyone knows what this is about. */
export interface Line {
  label: string;
  value: string;
  lang?: "zh-CN" | "en";
  named?: boolean;
}

function Version({ title, lines, against }: { title: string; lines: readonly Line[]; against: readonly Line[] }) {
  const { t } = useTranslation("kit");
  // Lines that are the same in both versions do not matter for the choice.
  const shown = lines
    .map((line, index) => ({ line, differs: line.value.trim() !== (against[index]?.value ?? "").trim() }))
    .filter(({ line, differs }) => differs || line.named);
  return (
    <section className="conflict-version">
      <h3>{title}</h3>
      <dl>
        {shown.map(({ line: { label, value, lang }, differs }) => (
          <div key={label} className={differs ? "conflict-differs" : undefined}>
            <dt>
              {label}
              {differs && <span className="tag warn">{t("conflict.differs")}</span>}
            </dt>
            <dd lang={lang} dir="auto">
              {value || t("conflict.empty")}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface ConflictProps {
  mine: readonly Line[];
  theirs: readonly Line[] | null;
  onMine(): void;
  onTheirs(): void;
}

/**
 * Someone else changed it in the meantime, or deleted it (`theirs` is null): the
 * differences, and the choice. Both versions have the same lines in the same order.
 */
export function Conflict({ mine, theirs, onMine, onTheirs }: ConflictProps) {
  const { t } = useTranslation("kit");
  const notice = useRef<HTMLParagraphElement>(null);
  // It takes the place of the form, and of what had the focus there.
  useLayoutEffect(() => notice.current?.focus(), []);
  return (
    <div className="conflict">
      <p ref={notice} className="notice warn" role="alert" tabIndex={-1}>
        {theirs ? t("conflict.changed") : t("conflict.deleted")}
      </p>
      <div className="conflict-versions">
        <Version title={t("conflict.mine")} lines={mine} against={theirs ?? mine} />
        {theirs && <Version title={t("conflict.theirs")} lines={theirs} against={mine} />}
      </div>
      <div className="row conflict-acts">
        <Button onClick={onTheirs}>{theirs ? t("conflict.take_theirs") : t("conflict.leave_deleted")}</Button>
        <Button type="primary" onClick={onMine}>
          {theirs ? t("conflict.take_mine") : t("conflict.create_again")}
        </Button>
      </div>
    </div>
  );
}
