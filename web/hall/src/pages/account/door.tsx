/** Signing in, registering, and choosing a new password: one calm page each. */
import { Problem } from "@yingda/api/client";
import type { Answer } from "@yingda/api/operations";
import type { Customer, Proof } from "@yingda/api/types";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { setAccount } from "../../account";
import { call } from "../../api";
import { useHallContext, useWords } from "../../context";
import { siteKey } from "../../data";
import { prepareProof, takeProof } from "../../puzzle";
import { go } from "../../router";
import { CodeField, Field, PasswordField, Refused, Resend, Submit, useAct, type Act } from "../../ui/form";
import { PageTitle } from "../../ui/page-title";
import { Boxes, Skeleton } from "../../ui/states";

type Sent = Answer<"POST", "/customer/registrations">;

/** The number of seconds before a code can be requested again. */
const resendAfter = 30;

function Door({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }): JSX.Element {
  const { words, name } = useHallContext();
  const { t } = words;
  return (
    <div class="wrap door">
      <div class="card door-card">
        <PageTitle title={title} about={t("account.about", { name })}>
          {lead === undefined ? null : <p class="soft">{lead}</p>}
        </PageTitle>
        {children}
      </div>
    </div>
  );
}

function Form({
  act,
  fields,
  onSubmit,
  children,
}: {
  act: Act;
  fields: readonly string[];
  onSubmit(): Promise<void>;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void act.run(onSubmit);
      }}
    >
      <Refused act={act} fields={fields} />
      {children}
    </form>
  );
}

/** Where to go after signing in: only to one of our own pages. */
function after(query: URLSearchParams): string {
  const next = query.get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : "/account";
}

/** Makes a request with a proof; the proof may have expired while the customer was typing. */
async function withProof<T>(ask: (proof: Proof) => Promise<T>): Promise<T> {
  try {
    return await ask(await takeProof());
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "puzzle_refused") throw error;
    return ask(await takeProof());
  }
}

function enter(customer: Customer, query: URLSearchParams): void {
  setAccount(customer);
  go(after(query), { replace: true });
}

export function SignInPage({ query }: { query: URLSearchParams }): JSX.Element {
  const { t } = useWords();
  const act = useAct();
  const [identifier, setIdentifier] = useState("");
  const [password, setPassword] = useState("");
  const [checking, setChecking] = useState(false);
  const next = query.toString() === "" ? "" : `?${query.toString()}`;
  const signIn = async (): Promise<void> => {
    // Someone who is quicker than the server's first answer waits for it.
    const site = await siteKey();
    const ask = (proof?: Proof): Promise<Customer> =>
      call("POST", "/customer/sessions", { body: { site, identifier, password, ...(proof ? { proof } : {}) } });
    try {
      enter(await ask(), query);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "puzzle_required") throw error;
      setChecking(true);
      try {
        enter(await ask(await takeProof()), query);
      } finally {
        setChecking(false);
      }
    }
  };
  return (
    <Door title={t("account.sign_in")} lead={t("account.sign_in_lead")}>
      <Form act={act} fields={["identifier"]} onSubmit={signIn}>
        <Field
          label={t("account.identifier")}
          value={identifier}
          onValue={setIdentifier}
          act={act}
          field="identifier"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          maxLength={254}
          required
        />
        <PasswordField
          label={t("account.password")}
          value={password}
          onValue={setPassword}
          act={act}
          field="password"
          autocomplete="current-password"
        />
        <Submit act={act} busy={checking ? t("account.checking") : t("account.working")}>
          {t("account.sign_in")}
        </Submit>
        {checking ? (
          <p class="soft" role="status">
            {t("account.checking_means")}
          </p>
        ) : null}
      </Form>
      <div class="door-ways">
        <a class="link" href={`/forgot${next}`}>
          {t("account.forgot")}
        </a>
        <a class="link" href={`/register${next}`}>
          {t("account.to_register")}
        </a>
      </div>
    </Door>
  );
}

export function RegisterPage({ query }: { query: URLSearchParams }): JSX.Element {
  const { t, lang } = useWords();
  const act = useAct();
  const [identifier, setIdentifier] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [sent, setSent] = useState<Sent | null>(null);
  const register = async (): Promise<void> => {
    const site = await siteKey();
    setSent(
      await withProof((proof) =>
        call("POST", "/customer/registrations", { body: { site, identifier, password, lang, proof } }),
      ),
    );
  };
  const confirm = async (): Promise<void> => {
    enter(await call("POST", "/customer/registrations/confirm", { body: { handle: sent?.handle ?? "", code } }), query);
  };
  if (sent) {
    return (
      <Door key="code" title={t("account.enter_code")} lead={t("account.sent_to", { to: identifier.trim() })}>
        <Form act={act} fields={["code"]} onSubmit={confirm}>
          <CodeField value={code} onValue={setCode} act={act} />
          <Submit act={act}>{t("account.finish")}</Submit>
          <div class="door-ways">
            <Resend seconds={resendAfter} act={act} onSend={() => void act.run(register)} />
            <button
              type="button"
              class="btn"
              onClick={() => {
                act.clear();
                setSent(null);
                setCode("");
              }}
            >
              {t("account.other_identifier")}
            </button>
          </div>
        </Form>
      </Door>
    );
  }
  return (
    <Door key="new" title={t("account.register")} lead={t("account.register_lead")}>
      <Form act={act} fields={["identifier", "password"]} onSubmit={register}>
        <Field
          label={t("account.identifier")}
          hint={t("account.identifier_hint")}
          value={identifier}
          onValue={setIdentifier}
          act={act}
          field="identifier"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          maxLength={254}
          required
          onFocus={prepareProof}
        />
        <PasswordField
          label={t("account.password")}
          hint={t("account.password_hint")}
          value={password}
          onValue={setPassword}
          act={act}
          field="password"
          autocomplete="new-password"
        />
        <Submit act={act} busy={t("account.checking")}>
          {t("account.send_code")}
        </Submit>
      </Form>
      <div class="door-ways">
        <a class="link" href="/sign-in">
          {t("account.to_sign_in")}
        </a>
      </div>
    </Door>
  );
}

export function ForgotPage({ query }: { query: URLSearchParams }): JSX.Element {
  const { t, lang } = useWords();
  const act = useAct();
  const [identifier, setIdentifier] = useState("");
  const [sent, setSent] = useState<Sent | null>(null);
  const ask = async (): Promise<void> => {
    const site = await siteKey();
    setSent(
      await withProof((proof) => call("POST", "/customer/recoveries", { body: { site, identifier, lang, proof } })),
    );
  };
  if (sent && identifier.includes("@")) {
    return (
      <Door key="mail" title={t("account.look_into_mail")} lead={t("account.link_sent_to", { to: identifier.trim() })}>
        <p>{t("account.link_hint")}</p>
        <Refused act={act} fields={[]} />
        <div class="door-ways">
          <Resend seconds={resendAfter} act={act} onSend={() => void act.run(ask)} />
          <a class="link" href="/sign-in">
            {t("account.to_sign_in")}
          </a>
        </div>
      </Door>
    );
  }
  if (sent)
    return <NewPassword key="code" handle={sent.handle} sentTo={identifier.trim()} query={query} onResend={ask} />;
  return (
    <Door key="who" title={t("account.forgot")} lead={t("account.forgot_lead")}>
      <Form act={act} fields={["identifier"]} onSubmit={ask}>
        <Field
          label={t("account.identifier")}
          value={identifier}
          onValue={setIdentifier}
          act={act}
          field="identifier"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          maxLength={254}
          required
          onFocus={prepareProof}
        />
        <Submit act={act} busy={t("account.checking")}>
          {t("account.send_link")}
        </Submit>
      </Form>
      <div class="door-ways">
        <a class="link" href="/sign-in">
          {t("account.to_sign_in")}
        </a>
      </div>
    </Door>
  );
}

/** Sets the new password, with a link or with the code that was sent. */
function NewPassword({
  handle,
  sentTo,
  query,
  onResend,
}: {
  handle: string;
  sentTo?: string;
  query: URLSearchParams;
  onResend?: () => Promise<void>;
}): JSX.Element {
  const { t } = useWords();
  const act = useAct();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const byCode = sentTo !== undefined;
  const redeem = async (): Promise<void> => {
    enter(
      await call("POST", "/customer/recoveries/redeem", { body: { handle, password, ...(byCode ? { code } : {}) } }),
      query,
    );
  };
  const over = act.problem && ["code_spent", "code_expired", "link_unknown"].includes(act.problem.code);
  return (
    <Door
      title={t("account.new_password")}
      lead={byCode ? t("account.sent_to", { to: sentTo }) : t("account.new_password_lead")}
    >
      <Form act={act} fields={["password", "code"]} onSubmit={redeem}>
        {byCode ? <CodeField value={code} onValue={setCode} act={act} /> : null}
        <PasswordField
          label={t("account.new_password")}
          hint={t("account.password_hint")}
          value={password}
          onValue={setPassword}
          act={act}
          field="password"
          autocomplete="new-password"
        />
        <Submit act={act}>{t("account.set_password")}</Submit>
        <div class="door-ways">
          {onResend ? <Resend seconds={resendAfter} act={act} onSend={() => void act.run(onResend)} /> : null}
          {over ? (
            <a class="btn" href="/forgot">
              {t("account.ask_again")}
            </a>
          ) : null}
        </div>
      </Form>
    </Door>
  );
}

export function ResetPage({ query }: { query: URLSearchParams }): JSX.Element {
  const { t } = useWords();
  // The secret is removed from the address bar: it is neither kept in the history nor seen over a shoulder.
  const [handle] = useState(() => location.hash.slice(1));
  useEffect(() => history.replaceState(history.state, "", location.pathname + location.search), []);
  // Nobody should have to think up a password for a link that has expired. If that cannot be determined, the link is tried.
  const [standing, setStanding] = useState<"asking" | "good" | "over">("asking");
  useEffect(() => {
    if (handle === "") return;
    void call("POST", "/customer/recoveries/inspect", { body: { handle } }).then(
      () => setStanding("good"),
      (error: unknown) => setStanding(error instanceof Problem && error.code === "code_spent" ? "over" : "good"),
    );
  }, [handle]);
  if (handle !== "" && standing === "good") return <NewPassword handle={handle} query={query} />;
  if (handle !== "" && standing === "asking") {
    return (
      <Door title={t("account.new_password")}>
        <Skeleton slow={false}>
          <Boxes count={2} class="line-bone" />
        </Skeleton>
      </Door>
    );
  }
  return (
    <Door title={t("account.new_password")}>
      <p role="alert">{t(handle === "" ? "account.link_incomplete" : "account.link_over")}</p>
      <div class="door-ways">
        <a class="btn primary" href="/forgot">
          {t("account.ask_again")}
        </a>
      </div>
    </Door>
  );
}
