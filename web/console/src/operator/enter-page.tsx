import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Press } from "../lib/press";
import { useProblemText } from "../lib/problem";
import { SignInFrame } from "../sign-in/frame";
import { begin } from "./queries";

/** How a link is made. */
const command = "yingda operator sign-in-link";

interface EnterPageProps {
  /** The secret of a one-time link; empty if the address has none. */
  token: string;
  /** Whether this is the address where the operator signs in. */
  isHere: boolean;
  onEntered(): void;
}

/** Signs the operator in with a one-time link. It takes a press: whatever looks at links before people do uses none up. */
export function EnterPage({ token, isHere, onEntered }: EnterPageProps) {
  const { t } = useTranslation("operator");
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const enter = async () => {
    setBusy(true);
    setError(null);
    try {
      await begin(token);
      onEntered();
    } catch (reason) {
      setError(text(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <SignInFrame title={t("title")} invites={false}>
      <div className="signin-ways">
        <div>
          <h1>{t("title")}</h1>
          <p>{isHere ? t("enter.what") : t("enter.elsewhere")}</p>
        </div>
        {error !== null && (
          <p className="notice hot" role="alert">
            {error}
          </p>
        )}
        {isHere && token !== "" && (
          <Press busy={busy} autoFocus onClick={() => void enter()}>
            {t("enter")}
          </Press>
        )}
        {isHere && (token === "" || error !== null) && (
          <p>
            {t("enter.how")}
            <br />
            <code dir="ltr">{command}</code>
          </p>
        )}
      </div>
    </SignInFrame>
  );
}
