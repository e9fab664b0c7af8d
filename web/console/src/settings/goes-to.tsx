import { Button, Dialog } from "@yingda/antd";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { LoadingRows } from "../lib/loading";
import { useProblemText } from "../lib/problem";

interface GoesToProps {
  title: string;
  /** What is asked before: what belongs to it. */
  of: Pick<UseQueryResult, "error" | "isError" | "isFetching" | "isPending"> & { refetch(): unknown };
  /** What belongs to it, a line each. */
  facts: readonly string[];
  /** What is said if nothing does. */
  nothing: string;
  /** What happens, beside that. */
  what?: string | undefined;
  /** What the choice is called. */
  label: string;
  /** Where it can go. */
  options: readonly { value: string; word: string }[];
  /** The one that is chosen at first; none if somebody has to choose. */
  first?: string;
  /** Somewhere it has to go. */
  isRequired: boolean;
  /** What is said if it has to go somewhere, and there is nowhere. */
  nowhere?: string;
  notice?: ReactNode;
  /** The word for doing it. */
  act: string;
  onClose(): void;
  /** Does it; a refusal is shown beside the choice. */
  go(to: string): Promise<unknown>;
}

/** Says what something leaves behind that is deleted, and asks where that goes. */
export function GoesTo({ title, of, facts, nothing, what, label, options, first = "", ...rest }: GoesToProps) {
  const { isRequired, nowhere, notice, act, onClose, go } = rest;
  const { t } = useTranslation("settings");
  const text = useProblemText();
  const [to, setTo] = useState(first);
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const isStuck = isRequired && options.length === 0;
  const hasChoice = !of.isPending && !of.isError && facts.length > 0 && options.length > 0;
  const run = async () => {
    if (isRequired && to === "") {
      setFault(t("goes.choose"));
      return;
    }
    setBusy(true);
    try {
      await go(to);
    } catch (error) {
      setFault(text(error));
      setBusy(false);
      // Something may have come to it since.
      void of.refetch();
    }
  };
  return (
    <Dialog
      open
      title={title}
      closeLabel={t("close")}
      onClose={onClose}
      width="32rem"
      footer={
        <>
          <Button onClick={onClose}>{t("goes.keep")}</Button>
          <Button
            danger
            type="primary"
            disabled={of.isPending || of.isError || isStuck}
            loading={busy}
            onClick={() => void run()}
          >
            {act}
          </Button>
        </>
      }
    >
      <div className="settings-form">
        <Failed of={of} />
        {of.isPending && <LoadingRows rows={3} />}
        {!of.isPending && !of.isError && (
          <>
            {facts.length === 0 ? (
              <p>{nothing}</p>
            ) : (
              <ul className="goes-facts">
                {facts.map((fact) => (
                  <li key={fact}>{fact}</li>
                ))}
              </ul>
            )}
            {what !== undefined && <p className="s2 t2">{what}</p>}
            {notice}
            {isStuck && (
              <p className="notice warn" role="alert">
                {nowhere}
              </p>
            )}
            {hasChoice && (
              <Field label={label} error={fault} required={isRequired}>
                {({ status: _, ...ids }) => (
                  <select
                    {...ids}
                    value={to}
                    onChange={(event) => {
                      setTo(event.target.value);
                      setFault(undefined);
                    }}
                  >
                    {isRequired && first === "" && (
                      <option value="" disabled>
                        {t("goes.choose")}
                      </option>
                    )}
                    {options.map(({ value, word }) => (
                      <option key={value} value={value}>
                        {word}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
          </>
        )}
        {!hasChoice && fault !== undefined && (
          <p className="notice hot" role="alert">
            {fault}
          </p>
        )}
      </div>
    </Dialog>
  );
}
