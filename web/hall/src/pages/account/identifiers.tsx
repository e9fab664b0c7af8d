/** The e-mail address and number to sign in with. Changing one takes two codes: one to an identifier already verified, one to the new one. */
import type { Customer } from "@yingda/api/types";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { setAccount } from "../../account";
import { call } from "../../api";
import { useWords } from "../../context";
import { phoneGroups } from "../../format";
import { CodeField, Field, Refused, Resend, useAct } from "../../ui/form";
import { Done } from "./done";

type Kind = "email" | "mobile";
type Step =
  | { at: "rest" }
  | { at: "own"; kind: Kind; handle: string }
  | { at: "new"; kind: Kind; handle: string; to: string };

/** The number of seconds before a code can be requested again. */
const resendAfter = 30;

export function Identifiers({ customer }: { customer: Customer }): JSX.Element {
  const { t } = useWords();
  const act = useAct();
  const [step, setStep] = useState<Step>({ at: "rest" });
  const [code, setCode] = useState("");
  const [identifier, setIdentifier] = useState("");
  const [done, setDone] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const via: Kind = customer.email === null ? "mobile" : "email";
  const own = customer.email ?? customer.mobile ?? "";
  useLayoutEffect(() => {
    if (step.at !== "rest") form.current?.querySelector("input")?.focus();
  }, [step.at]);

  const begin = async (kind: Kind): Promise<void> => {
    setDone(null);
    const { handle } = await call("POST", "/customer/step-up", { body: { via } });
    setCode("");
    setStep({ at: "own", kind, handle });
  };
  const submit = async (): Promise<void> => {
    if (step.at === "own") {
      const { handle } = await call("POST", "/customer/identifiers", {
        body: { identifier, handle: step.handle, code },
      });
      setCode("");
      setStep({ at: "new", kind: step.kind, handle, to: identifier.trim() });
    } else if (step.at === "new") {
      setAccount(await call("POST", "/customer/identifiers/confirm", { body: { handle: step.handle, code } }));
      setCode("");
      setIdentifier("");
      setStep({ at: "rest" });
      setDone(t("account.identifier_changed"));
    }
  };
  const stop = (): void => {
    act.clear();
    setCode("");
    setIdentifier("");
    setStep({ at: "rest" });
  };

  return (
    <section class="card" aria-labelledby="identifiers">
      <h2 id="identifiers">{t("account.identifiers")}</h2>
      {step.at === "rest" ? (
        <>
          <Refused act={act} fields={[]} />
          <ul class="lines">
            {(["mobile", "email"] as const).map((kind) => (
              <li key={kind} class="row spread wrap-lines">
                <div>
                  <p class="soft">{t(`account.${kind}`)}</p>
                  <p class="strong num">{phoneGroups(customer[kind] ?? t("account.none_yet"))}</p>
                </div>
                <button
                  type="button"
                  class="btn"
                  disabled={act.busy || act.wait > 0}
                  onClick={() => void act.run(() => begin(kind))}
                  aria-label={t(customer[kind] === null ? `account.add_${kind}` : `account.change_${kind}`)}
                >
                  {t(customer[kind] === null ? "account.add" : "account.change")}
                </button>
              </li>
            ))}
          </ul>
          <Done text={done} />
        </>
      ) : (
        <form
          ref={form}
          class="form"
          aria-labelledby="identifiers-step"
          onSubmit={(event) => {
            event.preventDefault();
            void act.run(submit);
          }}
        >
          <h3 id="identifiers-step">{step.at === "own" ? t("account.step_own") : t("account.step_new")}</h3>
          <p class="soft">{t("account.sent_to", { to: step.at === "own" ? own : step.to })}</p>
          <Refused act={act} fields={["identifier", "code"]} />
          <CodeField value={code} onValue={setCode} act={act} />
          {step.at === "own" ? (
            <Field
              label={t(`account.new_${step.kind}`)}
              type={step.kind === "email" ? "email" : "tel"}
              value={identifier}
              onValue={setIdentifier}
              act={act}
              field="identifier"
              autocomplete={step.kind === "email" ? "email" : "tel"}
              maxLength={254}
              required
            />
          ) : null}
          <div class="row wrap-lines">
            <button type="submit" class="btn primary" disabled={act.busy || act.wait > 0}>
              {act.busy ? t("account.working") : step.at === "own" ? t("account.go_on") : t("account.finish")}
            </button>
            <button type="button" class="btn" onClick={stop}>
              {t("account.cancel")}
            </button>
            {step.at === "own" ? (
              <Resend
                key={step.handle}
                seconds={resendAfter}
                act={act}
                onSend={() => void act.run(() => begin(step.kind))}
              />
            ) : null}
          </div>
        </form>
      )}
    </section>
  );
}
