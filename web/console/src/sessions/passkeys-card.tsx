import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { browserOf } from "@yingda/api/browser";
import { call } from "@yingda/api/client";
import type { Passkey } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { dayAndTime } from "../lib/format";
import { Icon } from "../lib/icon";
import { canUsePasskeys } from "../lib/can-use-passkeys";
import { makePasskey } from "../lib/passkeys";
import { useProblemText } from "../lib/problem";
import { RowActs } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useProved } from "./prove-dialog";
import { passkeysQuery } from "./queries";

/** Gives a passkey another name. */
function RenameDialog({ passkey, onClose }: { passkey: Passkey; onClose(): void }) {
  const { t } = useTranslation("account");
  const { t: shell } = useTranslation("shell");
  const { t: kit } = useTranslation("kit");
  const text = useProblemText();
  const client = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const [error, setError] = useState<string | undefined>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await call("PATCH", "/me/passkeys/{id}", { path: { id: passkey.id }, body: { name } });
      await client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
      onClose();
    } catch (reason) {
      setError(text(reason));
    }
  };
  return (
    <Dialog open title={t("passkey.rename")} closeLabel={shell("close")} onClose={onClose} width="26rem">
      <form className="form" onSubmit={(event) => void save(event)} noValidate>
        <Field label={t("passkey.name")} error={error}>
          {(ids) => (
            <Input {...ids} maxLength={40} autoFocus value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <div className="row">
          <Button type="primary" htmlType="submit" disabled={name.trim() === ""}>
            {kit("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** One's own passkeys: added, named, removed. */
export function PasskeysCard() {
  const { t } = useTranslation("account");
  const me = useMe();
  const client = useQueryClient();
  const found = useQuery(passkeysQuery);
  const { run, dialog } = useProved();
  const [renaming, setRenaming] = useState<Passkey | null>(null);
  const renewed = () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
  const add = async () => {
    const made = await makePasskey(await call("POST", "/me/passkeys/options"));
    if (made === null) return;
    const { browser, system } = browserOf(navigator.userAgent);
    const name = [system, browser].filter((part) => part !== "").join(" · ") || t("passkey");
    await call("POST", "/me/passkeys", { body: { ...made, name } });
    toast(t("passkey.added"));
    await renewed();
  };
  const remove = async (passkey: Passkey) => {
    await call("DELETE", "/me/passkeys/{id}", { path: { id: passkey.id } });
    toast(t("passkey.removed"));
    await renewed();
  };
  return (
    <section className="card session-password" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{t("passkeys")}</h2>
      <Failed of={found} />
      <div className="session-part">
        <p>{t("passkeys.what")}</p>
        <ul className="session-passkeys" aria-label={t("passkeys")}>
          {found.data?.items.map((passkey) => (
            <li key={passkey.id} className="row">
              <Icon name="lock" />
              <span className="grow">
                <b dir="auto">{passkey.name}</b>
                <span className="s2 t3 session-times">
                  {t("passkey.since", { time: dayAndTime(passkey.created_at, me.time_zone) })}
                  <i className="dot" />
                  {passkey.used_at === null
                    ? t("passkey.unused")
                    : t("passkey.used", { time: dayAndTime(passkey.used_at, me.time_zone) })}
                </span>
              </span>
              <RowActs
                name={passkey.name}
                acts={[
                  {
                    word: t("passkey.rename"),
                    label: t("passkey.rename.one", { name: passkey.name }),
                    run: () => setRenaming(passkey),
                  },
                  {
                    word: t("passkey.remove"),
                    asks: {
                      ask: t("passkey.remove.ask", { name: passkey.name }),
                      what: t("passkey.remove.what"),
                      danger: true,
                    },
                    run: () => run(() => remove(passkey)),
                  },
                ]}
              />
            </li>
          ))}
        </ul>
        {canUsePasskeys() ? (
          <div className="row">
            <Button onClick={() => run(add)}>
              <Icon name="plus" />
              {t("passkey.add")}
            </Button>
          </div>
        ) : (
          <p className="s2 t3">{t("passkeys.none_here")}</p>
        )}
      </div>
      {dialog}
      {renaming !== null && <RenameDialog passkey={renaming} onClose={() => setRenaming(null)} />}
    </section>
  );
}
