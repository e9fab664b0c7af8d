import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Field } from "../lib/field";
import { useRefused } from "../lib/mutations";
import { answerWithPasskey, canUsePasskeys } from "../lib/passkeys";
import { isProblem, useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { PasswordField } from "../sign-in/password-field";
import { passkeysQuery, secondStepQuery } from "./queries";

type Proof = Body<"POST", "/me/proof">;

/** Asks again for a proof of who one is, because the last one was a while ago. */
function ProveDialog({ onProved, onClose }: { onProved(): void; onClose(): void }) {
  const { t } = useTranslation("account");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const me = useMe();
  const hasApp = typeof useQuery(secondStepQuery).data?.app_since === "number";
  const hasPasskeys = (useQuery(passkeysQuery).data?.items.length ?? 0) > 0 && canUsePasskeys();
  const [way, setWay] = useState<"password" | "code">("password");
  const [value, setValue] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const prove = async (proof: () => Promise<Proof | null>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const body = await proof();
      if (body === null) return;
      await call("POST", "/me/proof", { body });
      onProved();
    } catch (reason) {
      setError(text(reason));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void prove(async () => ({ [way]: value }));
  };
  const change = (next: string) => {
    setValue(next);
    setError(null);
  };
  return (
    <Dialog open title={t("prove.title")} closeLabel={shell("close")} onClose={onClose} width="26rem">
      <form className="form" onSubmit={submit} noValidate>
        <p>{t("prove.why")}</p>
        {hasApp && (
          <Choice
            label={t("prove.with")}
            value={way}
            options={[
              { value: "password", word: t("prove.password") },
              { value: "code", word: t("prove.code") },
            ]}
            onChange={(next) => {
              setWay(next);
              change("");
            }}
          />
        )}
        <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
        {way === "password" ? (
          <PasswordField
            label={t("prove.password")}
            autoComplete="current-password"
            autoFocus
            value={value}
            onChange={change}
            error={error}
          />
        ) : (
          <Field label={t("prove.code")} error={error ?? undefined}>
            {(ids) => (
              <Input
                {...ids}
                name="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={20}
                value={value}
                onChange={(event) => change(event.target.value)}
              />
            )}
          </Field>
        )}
        <div className="row wrap">
          <Button type="primary" htmlType="submit" loading={busy} disabled={value === ""}>
            {t("prove.go")}
          </Button>
          {hasPasskeys && (
            <Button
              onClick={() =>
                void prove(async () => {
                  const passkey = await answerWithPasskey(await call("POST", "/me/passkeys/options-to-prove"));
                  return passkey && { passkey };
                })
              }
            >
              {t("prove.passkey")}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Runs what needs a recent proof of who one is: where that is missing, it is asked for first. */
export function useProved(): { run(act: () => Promise<unknown>): void; dialog: ReactNode } {
  const refuse = useRefused();
  const [wanted, setWanted] = useState<(() => Promise<unknown>) | null>(null);
  const run = (act: () => Promise<unknown>) =>
    void act().catch((error: unknown) => {
      if (isProblem(error, "proof_required")) setWanted(() => act);
      else refuse(error);
    });
  const dialog = wanted && (
    <ProveDialog
      onClose={() => setWanted(null)}
      onProved={() => {
        setWanted(null);
        run(wanted);
      }}
    />
  );
  return { run, dialog };
}
