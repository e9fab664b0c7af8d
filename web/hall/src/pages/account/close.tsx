/** Closing the account: everything is erased. It takes the password and a code, and says first what goes and how to keep a copy. */
import { urlOf } from "@yingda/api/operations";
import type { Customer } from "@yingda/api/types";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { setAccount } from "../../account";
import { call } from "../../api";
import { useWords } from "../../context";
import { forget } from "../../resource";
import { go } from "../../router";
import { CodeField, PasswordField, Refused, Resend, useAct } from "../../ui/form";

/** The number of seconds before a code can be requested again. */
const resendAfter = 30;

export function CloseAccount({ customer }: { customer: Customer }): JSX.Element {
  const { t } = useWords();
  const act = useAct();
  const [handle, setHandle] = useState<string | null>(null);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const own = customer.email ?? customer.mobile ?? "";
  useLayoutEffect(() => {
    if (handle !== null) form.current?.querySelector<HTMLInputElement>("input:not([hidden])")?.focus();
  }, [handle]);

  const begin = async (): Promise<void> => {
    const via = customer.email === null ? "mobile" : "email";
    const sent = await call("POST", "/customer/step-up", { body: { via } });
    setCode("");
    setHandle(sent.handle);
  };
  const close = async (): Promise<void> => {
    if (handle === null) return;
    await call("POST", "/customer/closure", { body: { password, handle, code } });
    forget("customer");
    setAccount(null);
    go("/", { replace: true });
  };
  const stop = (): void => {
    act.clear();
    setPassword("");
    setCode("");
    setHandle(null);
  };

  return (
    <section class="card" aria-labelledby="close-account">
      <h2 id="close-account">{t("account.close")}</h2>
      <p>{t("account.close_what")}</p>
      <p class="soft">{t("account.close_final")}</p>
      <p>
        <a class="btn" href={urlOf("/customer/export", { query: { format: "zip" } })} download>
          {t("account.close_download")}
        </a>
      </p>
      {handle === null ? (
        <>
          <Refused act={act} fields={[]} />
          <button type="button" class="btn" disabled={act.busy || act.wait > 0} onClick={() => void act.run(begin)}>
            {t("account.close_begin")}
          </button>
        </>
      ) : (
        <form
          ref={form}
          class="form"
          aria-labelledby="close-account"
          onSubmit={(event) => {
            event.preventDefault();
            void act.run(close);
          }}
        >
          <p class="soft">{t("account.sent_to", { to: own })}</p>
          <Refused act={act} fields={["password", "code"]} />
          <input type="text" name="username" autocomplete="username" value={own} hidden readOnly />
          <CodeField value={code} onValue={setCode} act={act} />
          <PasswordField
            label={t("account.old_password")}
            value={password}
            onValue={setPassword}
            act={act}
            field="password"
            autocomplete="current-password"
          />
          <div class="row wrap-lines">
            <button type="submit" class="btn primary" disabled={act.busy || act.wait > 0}>
              {act.busy ? t("account.working") : t("account.close_finish")}
            </button>
            <button type="button" class="btn" onClick={stop}>
              {t("account.cancel")}
            </button>
            <Resend key={handle} seconds={resendAfter} act={act} onSend={() => void act.run(begin)} />
          </div>
        </form>
      )}
    </section>
  );
}
