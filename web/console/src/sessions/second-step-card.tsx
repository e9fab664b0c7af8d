import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { NewApp as Given } from "@yingda/api/types";
import { useRef, useState, type ComponentRef, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../lib/confirm";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { dayAndTime } from "../lib/format";
import { LoadingCards } from "../lib/loading";
import { NewApp } from "../lib/new-app";
import { useProblemText } from "../lib/problem";
import { RecoveryCodes } from "../lib/recovery-codes";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useProved } from "./prove-dialog";
import { secondStepQuery } from "./queries";

interface SetUpProps {
  app: Given;
  onDone(codes: string[]): void;
  onClose(): void;
}

/** Sets up an authenticator app with its first code. */
function SetUpDialog({ app, onDone, onClose }: SetUpProps) {
  const { t } = useTranslation("account");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const field = useRef<ComponentRef<typeof Input>>(null);
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      onDone((await call("PUT", "/me/second-step", { body: { code } })).recovery_codes);
    } catch (reason) {
      setError(text(reason));
      // The button that was pressed says nothing of it.
      field.current?.focus({ cursor: "all" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open title={t("second.set_up")} closeLabel={shell("close")} onClose={onClose} width="34rem">
      <form className="form" onSubmit={(event) => void confirm(event)} noValidate>
        <NewApp app={app} />
        <Field label={t("second.code")} error={error}>
          {(ids) => (
            <Input
              {...ids}
              ref={field}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={20}
              value={code}
              onChange={(event) => {
                setCode(event.target.value);
                setError(undefined);
              }}
            />
          )}
        </Field>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={busy} disabled={code.trim() === ""}>
            {t("second.confirm")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Recovery codes, the only time they are shown. */
function CodesDialog({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const { t } = useTranslation("account");
  const { t: shell } = useTranslation("shell");
  const { t: kit } = useTranslation("kit");
  return (
    <Dialog
      open
      title={t("codes.title")}
      closeLabel={shell("close")}
      onClose={onClose}
      width="34rem"
      footer={
        <Button type="primary" onClick={onClose}>
          {kit("done")}
        </Button>
      }
    >
      <div className="form">
        <RecoveryCodes codes={codes} />
      </div>
    </Dialog>
  );
}

/** Two-step verification of one's own sign-in. */
export function SecondStepCard() {
  const { t } = useTranslation("account");
  const me = useMe();
  const client = useQueryClient();
  const found = useQuery(secondStepQuery);
  const { run, dialog } = useProved();
  const [app, setApp] = useState<Given | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renewed = () => client.invalidateQueries({ queryKey: secondStepQuery.queryKey });
  const state = found.data;
  return (
    <section className="card session-password" aria-labelledby="second-step-title">
      <h2 id="second-step-title">{t("second.title")}</h2>
      <Failed of={found} />
      {found.isPending && <LoadingCards cards={1} lines={2} className="session-part" card="session-part" />}
      {state && (
        <div className="session-part">
          <p>
            {state.app_since === null
              ? t("second.off")
              : t("second.on", { time: dayAndTime(state.app_since, me.time_zone) })}
          </p>
          {state.required && <p className="s2 t2">{t("second.required")}</p>}
          {state.app_since === null ? (
            <div className="row wrap">
              <Button type="primary" onClick={() => run(async () => setApp(await call("POST", "/me/second-step")))}>
                {t("second.set_up")}
              </Button>
            </div>
          ) : (
            <>
              <p className="s2 t2">{t("codes.left", { count: state.recovery_codes_left })}</p>
              <div className="row wrap">
                <Button
                  onClick={() =>
                    run(async () => {
                      setCodes((await call("POST", "/me/recovery-codes")).recovery_codes);
                      await renewed();
                    })
                  }
                >
                  {t("codes.renew")}
                </Button>
                <Confirm
                  ask={t("second.remove.ask")}
                  what={t("second.remove.what")}
                  act={t("second.remove")}
                  danger
                  onConfirm={() =>
                    run(async () => {
                      await call("DELETE", "/me/second-step");
                      toast(t("second.removed"));
                      await renewed();
                    })
                  }
                >
                  {t("second.remove")}
                </Confirm>
              </div>
            </>
          )}
        </div>
      )}
      {dialog}
      {app !== null && (
        <SetUpDialog
          app={app}
          onClose={() => setApp(null)}
          onDone={(made) => {
            setApp(null);
            setCodes(made);
            void renewed();
          }}
        />
      )}
      {codes !== null && <CodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </section>
  );
}
