/** The customer's own account: conversations, profile, identifiers, password, devices. */
import { browserOf } from "@yingda/api/browser";
import type { Customer } from "@yingda/api/types";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askAccount, setAccount } from "../../account";
import { call } from "../../api";
import { useHallContext, useWords } from "../../context";
import { when } from "../../format";
import { go } from "../../router";
import { forget, useResource } from "../../resource";
import { Field, PasswordField, Refused, Submit, useAct, type Act } from "../../ui/form";
import { PageTitle } from "../../ui/page-title";
import { Boxes, Failed, Skeleton } from "../../ui/states";
import { CloseAccount } from "./close";
import { Done } from "./done";
import { Identifiers } from "./identifiers";
import { Talks } from "./talks";

function Profile({ customer }: { customer: Customer }): JSX.Element {
  const { t } = useWords();
  const { change, prefs } = useHallContext();
  const act = useAct();
  const [name, setName] = useState(customer.name ?? "");
  const [lang, setLang] = useState(customer.lang);
  const [done, setDone] = useState<string | null>(null);
  const dirty = name.trim() !== (customer.name ?? "") || lang !== customer.lang;
  const save = async (): Promise<void> => {
    setDone(null);
    setAccount(await call("PATCH", "/customer", { body: { name, lang, seen: customer.updated_at } }));
    if (lang !== prefs.lang) change({ lang });
    setDone(t("account.saved"));
  };
  return (
    <section class="card" aria-labelledby="profile">
      <h2 id="profile">{t("account.profile")}</h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void act.run(save);
        }}
      >
        <Refused act={act} fields={["name"]} />
        {act.problem?.code === "conflict" ? (
          <button type="button" class="btn" onClick={() => void askAccount().then(act.clear, () => undefined)}>
            {t("account.load_newer")}
          </button>
        ) : null}
        <Field
          label={t("account.name")}
          hint={t("account.name_hint")}
          value={name}
          onValue={setName}
          act={act}
          field="name"
          autocomplete="name"
          maxLength={60}
        />
        <fieldset>
          <legend>{t("account.language")}</legend>
          <div class="choices">
            {(["zh-CN", "en"] as const).map((one) => (
              <label key={one} class="choice">
                <input type="radio" name="account-lang" checked={lang === one} onChange={() => setLang(one)} />
                <span lang={one}>{t(`account.lang_${one}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div class="row wrap-lines">
          <button type="submit" class="btn primary" disabled={!dirty || act.busy}>
            {act.busy ? t("account.working") : t("account.save")}
          </button>
          <Done text={dirty ? null : done} />
        </div>
      </form>
    </section>
  );
}

function Password({ username, onChanged }: { username: string; onChanged(): void }): JSX.Element {
  const { t } = useWords();
  const act: Act = useAct();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    setDone(null);
    await call("PUT", "/customer/password", { body: { old, password } });
    setOld("");
    setPassword("");
    setDone(t("account.password_changed"));
    onChanged();
  };
  return (
    <section class="card" aria-labelledby="password">
      <h2 id="password">{t("account.change_password")}</h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void act.run(save);
        }}
      >
        <Refused act={act} fields={["old", "password"]} />
        <input type="text" name="username" autocomplete="username" value={username} hidden readOnly />
        <PasswordField
          label={t("account.old_password")}
          value={old}
          onValue={setOld}
          act={act}
          field="old"
          autocomplete="current-password"
        />
        <PasswordField
          label={t("account.new_password")}
          hint={t("account.password_hint")}
          value={password}
          onValue={setPassword}
          act={act}
          field="password"
          autocomplete="new-password"
        />
        <p class="soft">{t("account.password_ends_others")}</p>
        <Submit act={act}>{t("account.change_password")}</Submit>
        <Done text={done} />
      </form>
    </section>
  );
}

const sessionsKey = "customer sessions";

function Sessions({ version }: { version: number }): JSX.Element {
  const { t, lang } = useWords();
  const [mine, setMine] = useState(0);
  const resource = useResource(`${sessionsKey} ${String(version)} ${String(mine)}`, () =>
    call("GET", "/customer/sessions"),
  );
  const act = useAct();
  const end = async (id: string): Promise<void> => {
    await call("DELETE", "/customer/sessions/{id}", { path: { id } });
    setMine(mine + 1);
  };
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">{t("account.sessions")}</h2>
      <Refused act={act} fields={[]} />
      {resource.data ? (
        <ul class="lines">
          {resource.data.items.map((session) => {
            const { browser, system } = browserOf(session.user_agent);
            const name = [browser, system].filter(Boolean).join(" · ") || t("account.unknown_browser");
            return (
              <li key={session.id} class="row spread wrap-lines">
                <div>
                  <p class="strong">{name}</p>
                  <p class="soft num">
                    {session.current
                      ? t("account.this_browser")
                      : t("account.last_used", { time: when(session.last_seen_at, lang) })}
                  </p>
                </div>
                {session.current ? null : (
                  <button
                    type="button"
                    class="btn"
                    disabled={act.busy}
                    aria-label={t("account.sign_out_of", { name })}
                    onClick={() => void act.run(() => end(session.id))}
                  >
                    {t("account.sign_out_there")}
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      ) : resource.error ? (
        <Failed what="account.error_sessions" resource={resource} />
      ) : (
        <Skeleton slow={resource.slow}>
          <Boxes count={2} class="line-bone" />
        </Skeleton>
      )}
    </section>
  );
}

export function AccountPage({ customer }: { customer: Customer }): JSX.Element {
  const { t } = useWords();
  const act = useAct();
  const [version, setVersion] = useState(0);
  const signOut = async (): Promise<void> => {
    await call("DELETE", "/customer/sessions/current");
    forget("customer");
    setAccount(null);
    go("/", { replace: true });
  };
  return (
    <div class="wrap account">
      <div class="row spread wrap-lines account-top">
        <PageTitle
          title={customer.name === null ? t("account.title") : t("account.title_of", { name: customer.name })}
        />
        <button type="button" class="btn" disabled={act.busy} onClick={() => void act.run(signOut)}>
          {t("account.sign_out")}
        </button>
      </div>
      <Refused act={act} fields={[]} />
      <div class="account-grid">
        <Talks />
        <div class="account-side">
          <Profile key={customer.updated_at} customer={customer} />
          <Identifiers customer={customer} />
          <section class="card" aria-labelledby="consents">
            <h2 id="consents">{t("account.consent_title")}</h2>
            <p>
              <a class="link" href="/privacy">
                {t("account.consent_link")}
              </a>
            </p>
          </section>
        </div>
        <div class="account-safety">
          <Password username={customer.email ?? customer.mobile ?? ""} onChanged={() => setVersion(version + 1)} />
          <Sessions version={version} />
          <CloseAccount customer={customer} />
        </div>
      </div>
    </div>
  );
}
