import { call, Problem } from "@yingda/api/client";
import type { Me } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { canUsePasskeys } from "../lib/can-use-passkeys";
import "../lib/press-plain.css";
import { useProblemText } from "../lib/problem";

/** What talks to passkeys, which is loaded when it is asked for. */
const passkeys = () =>
  import("../lib/passkeys").catch(() => {
    throw new Problem({ code: "network" }, 0);
  });

/** Signs in with a passkey, without an address or a password; offered where the browser has passkeys. */
export function PasskeySignIn({ onAnswer }: { onAnswer(me: Me): void }) {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (!canUsePasskeys()) return null;
  const signIn = async () => {
    setBusy(true);
    setError(null);
    try {
      const { answerWithPasskey } = await passkeys();
      const answer = await answerWithPasskey(await call("POST", "/auth/passkey-options"));
      if (answer) onAnswer(await call("POST", "/auth/passkey-sessions", { body: answer }));
    } catch (reason) {
      setError(text(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        className="press-plain"
        aria-disabled={busy || undefined}
        onClick={() => busy || void signIn()}
      >
        {t("passkey")}
      </button>
      {error !== null && (
        <p className="notice hot" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
