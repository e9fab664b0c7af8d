import { Button, Dialog, Input } from "@yingda/antd";
import type { Body } from "@yingda/api/operations";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useErase } from "./queries";

type New = Body<"POST", "/erasures">;
/** What can be erased: each is offered with its consequences. */
export type Erasable = Pick<New, "kind" | "id" | "seq">;

const reasons = ["asked", "law", "mistake", "not_needed"] as const;

interface Props {
  /** What it is possible to erase from here, the smallest first. */
  of: readonly Erasable[];
  onClose(): void;
}

/** Asks what is to be erased and why, says what that means, and has it confirmed by a typed word: it cannot be undone. */
export function EraseDialog({ of, onClose }: Props) {
  const { t } = useTranslation("privacy");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const erase = useErase();
  const [kind, setKind] = useState(of[0]?.kind);
  const [reason, setReason] = useState<New["reason"] | "">("");
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | undefined>();
  const chosen = of.find((one) => one.kind === kind);
  const word = t("erase.word");
  const ready = chosen !== undefined && reason !== "" && typed.trim().toLowerCase() === word.toLowerCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen || reason === "" || !ready || erase.isPending) return;
    erase.mutate(
      { ...chosen, reason },
      {
        onSuccess: ({ state }) => {
          toast(state === "waiting" ? t("erase.waits") : t("erase.begun"));
          onClose();
        },
        onError: (why) => setError(text(why)),
      },
    );
  };
  return (
    <Dialog open title={t("erase.title")} closeLabel={shell("close")} onClose={onClose} width="32rem">
      <form className="form" onSubmit={submit} noValidate>
        {of.length > 1 && (
          <Field label={t("erase.what")}>
            {({ status: _, ...ids }) => (
              <select
                {...ids}
                value={kind}
                onChange={(event) => setKind(of.find((one) => one.kind === event.target.value)?.kind)}
              >
                {of.map((one) => (
                  <option key={one.kind} value={one.kind}>
                    {t(`kind.${one.kind}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <p>{chosen && t(`erase.means.${chosen.kind}`)}</p>
        <p className="s2 t3">{t("erase.final")}</p>
        <Field label={t("erase.why")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={reason}
              onChange={(event) => setReason(reasons.find((one) => one === event.target.value) ?? "")}
            >
              <option value="">{t("erase.choose")}</option>
              {reasons.map((one) => (
                <option key={one} value={one}>
                  {t(`reason.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("erase.type", { word })} error={error}>
          {(ids) => (
            <Input {...ids} autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
        <div className="row">
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button danger type="primary" htmlType="submit" disabled={!ready || erase.isPending}>
            {t("erase.act")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
