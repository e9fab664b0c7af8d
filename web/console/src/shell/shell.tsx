import { YingdaProvider } from "@yingda/antd";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { nextPane, useKeys, type KeyMap } from "../lib/keys";
import { usePrefs, useTheme } from "../lib/prefs";
import { browserScale } from "../lib/rem";
import { noteUsable } from "../lib/response-times";
import { LiveProvider } from "../live/context";
import { AlertBanner } from "./alert-banner";
import { DialogsProvider, useDialogs } from "./dialogs";
import { Foot } from "./foot";
import { BottomBar, Rail, useEntries } from "./rail";
import { SecondLevel } from "./second-level";
import { NotYours } from "./states";
import { usePlace } from "./use-place";

function ShellKeys() {
  const dialogs = useDialogs();
  const { all } = useEntries();
  const navigate = useNavigate();
  const keys: KeyMap = {
    "?": () => dialogs.open("keys"),
    "Mod+k": () => dialogs.open("palette"),
    F6: () => nextPane(1),
    "Shift+F6": () => nextPane(-1),
  };
  all.forEach((entry, index) => {
    keys[`Alt+Digit${index + 1}`] = () => void navigate({ to: entry.to });
  });
  useKeys(keys);
  return null;
}

/** The open page, beside the other pages of its area; or that the member may not open it. */
function Place() {
  const { area, page, pages, allowed } = usePlace();
  const second = area !== null && area.at !== "me" && pages.length > 1;
  return (
    <div className={second ? `app-page area area-${page?.second ?? area.second ?? "column"}` : "app-page"}>
      {second && <SecondLevel area={area} page={page} pages={pages} />}
      <main id="page" tabIndex={-1}>
        {allowed ? <Outlet /> : <NotYours />}
      </main>
    </div>
  );
}

/** The server allows style elements that carry the page's nonce. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

/** The frame around every page after sign-in: rail, page, footer. It loads the component library; pages outside it do without. */
export function Shell() {
  const { t } = useTranslation("shell");
  const prefs = usePrefs();
  const theme = useTheme(prefs.theme);
  const [ownScale] = useState(browserScale);
  useEffect(() => noteUsable(true), []);
  return (
    <YingdaProvider theme={theme} scale={(prefs.scale / 100) * ownScale} language={prefs.language} nonce={nonce}>
      <LiveProvider>
        <DialogsProvider>
          <ShellKeys />
          <a className="skip" href="#page">
            {t("skip")}
          </a>
          <div className="app">
            <Rail />
            <div className="app-middle">
              <AlertBanner />
              <Place />
            </div>
            <Foot />
            <BottomBar />
          </div>
        </DialogsProvider>
      </LiveProvider>
    </YingdaProvider>
  );
}
