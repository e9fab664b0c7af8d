import { YingdaProvider } from "@yingda/antd";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { nextPane, useKeys, type KeyMap } from "../lib/keys";
import { usePrefs, useTheme } from "../lib/prefs";
import { LiveProvider } from "../live/context";
import { DialogsProvider, useDialogs } from "./dialogs";
import { Foot } from "./foot";
import { BottomBar, Rail, usePlaces } from "./rail";

function ShellKeys() {
  const dialogs = useDialogs();
  const places = usePlaces();
  const navigate = useNavigate();
  const keys: KeyMap = {
    "?": () => dialogs.open("keys"),
    F6: () => nextPane(1),
    "Shift+F6": () => nextPane(-1),
  };
  places.forEach((place, index) => {
    keys[`Alt+Digit${index + 1}`] = () => void navigate({ to: place.to });
  });
  useKeys(keys);
  return null;
}

/** The server allows style elements that carry the page's nonce. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

/** The frame around every page after sign-in: rail, page, footer. It loads the component library; pages outside it do without. */
export function Shell() {
  const { t } = useTranslation("shell");
  const prefs = usePrefs();
  const theme = useTheme(prefs.theme);
  return (
    <YingdaProvider theme={theme} scale={prefs.scale / 100} language={prefs.language} nonce={nonce}>
      <LiveProvider>
        <DialogsProvider>
          <ShellKeys />
          <a className="skip" href="#page">
            {t("skip")}
          </a>
          <div className="app">
            <Rail />
            <main id="page" className="app-page" tabIndex={-1}>
              <Outlet />
            </main>
            <Foot />
            <BottomBar />
          </div>
        </DialogsProvider>
      </LiveProvider>
    </YingdaProvider>
  );
}
