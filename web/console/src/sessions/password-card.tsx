import { Button } from "@yingda/antd";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, useProblemText } from "../lib/problem";
import { sessionsQuery, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { PasswordField } from "../lib/password-field";
import { passwordFault } from "../sign-in/password-rule";

/** Changes the member's own password; requires the current one. */
export function PasswordCard() {
  const { t } = useTranslation("sessions");
  const text = useProblemText();
  const me = useMe();
  const queryClient = useQueryClient();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [faults, setFaults] = useState<{ old?: string; password?: string; form?: string }>({});
  const [busy, setBusy] = useState(false);

  const save = async () => {
    const fault = passwordFault(password);
    if (old === "" || fault) {
      setFaults({
        ...(old === "" ? { old: t("password.old_missing") } : {}),
        ...(fault ? { password: text(fault) } : {}),
      });
      return;
    }
    setBusy(true);
    setFaults({});
    try {
      await call("PUT", "/me/password", { body: { old, password } });
      setOld("");
      setPassword("");
      toast(t("password.changed"));
      void queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    } catch (error) {
      const field = isProblem(error) && (error.field === "old" || error.field === "password") ? error.field : "form";
      setFaults({ [field]: text(error) });
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save();
  };

  return (
    <section className="card session-password" aria-labelledby="password-title">
      <h2 id="password-title">{t("password")}</h2>
      <form onSubmit={submit} noValidate>
        <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
        <PasswordField
          label={t("password.old")}
          autoComplete="current-password"
          value={old}
          onChange={(value) => {
            setOld(value);
            setFaults({});
          }}
          error={faults.old ?? null}
        />
        <PasswordField
          label={t("password.new")}
          autoComplete="new-password"
          value={password}
          onChange={(value) => {
            setPassword(value);
            setFaults({});
          }}
          error={faults.password ?? null}
          hint={t("password.rule")}
        />
        {faults.form && (
          <p className="notice hot" role="alert">
            {faults.form}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("password.change")}
        </Button>
      </form>
    </section>
  );
}
