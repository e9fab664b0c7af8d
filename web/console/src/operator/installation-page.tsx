import { Button, YingdaProvider } from "@yingda/antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Icon } from "../lib/icon";
import { useRefused } from "../lib/mutations";
import { choose, usePrefs, useTheme } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { browserScale } from "../lib/rem";
import { useTitle } from "../lib/use-title";
import { languages } from "../shell/languages";
import { Mark } from "../shell/mark";
import { CompaniesPage } from "./companies-page";
import { end, operatorSession } from "./queries";
import "./operator.css";

/** The server allows style elements that carry the page's nonce. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

function Head() {
  const { t } = useTranslation("operator");
  const { t: door } = useTranslation("signin");
  const prefs = usePrefs();
  const theme = useTheme(prefs.theme);
  const client = useQueryClient();
  const refused = useRefused();
  const [leaving, setLeaving] = useState(false);
  const leave = async () => {
    setLeaving(true);
    try {
      await end();
    } catch (error) {
      if (!isProblem(error, "not_signed_in")) {
        refused(error);
        setLeaving(false);
        return;
      }
    }
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== operatorSession.queryKey[0] });
    await client.resetQueries({ queryKey: operatorSession.queryKey });
  };
  const themeWord = theme === "dark" ? door("theme.light") : door("theme.dark");
  return (
    <header className="operator-head">
      <span className="operator-mark">
        <Mark />
      </span>
      <b className="grow">{door("brand")}</b>
      <Choice
        label={door("language")}
        value={prefs.language}
        options={languages}
        onChange={(language) => choose({ language })}
      />
      <button
        type="button"
        className="ib"
        aria-label={themeWord}
        title={themeWord}
        onClick={() => choose({ theme: theme === "dark" ? "light" : "dark" })}
      >
        <Icon name={theme === "dark" ? "sun" : "moon"} />
      </button>
      <Button loading={leaving} onClick={() => void leave()}>
        {t("sign_out")}
      </Button>
    </header>
  );
}

/** What the operator sees: the companies and the health of the installation. It loads the component library, as the frame of the console does. */
export function InstallationPage() {
  const { t } = useTranslation("operator");
  useTitle(t("title"));
  const prefs = usePrefs();
  const theme = useTheme(prefs.theme);
  const [ownScale] = useState(browserScale);
  return (
    <YingdaProvider theme={theme} scale={(prefs.scale / 100) * ownScale} language={prefs.language} nonce={nonce}>
      <div className="operator">
        <Head />
        <main id="page" tabIndex={-1}>
          <CompaniesPage />
        </main>
      </div>
    </YingdaProvider>
  );
}
