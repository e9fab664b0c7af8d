import { tolerateTranslators } from "@yingda/api/translators";
import { YingdaProvider } from "@yingda/antd";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { nextPane, useKeys, type KeyMap } from "../lib/keys";
import { learning, turnHelp } from "../lib/learning";
import { practice } from "../lib/practice";
import { usePrefs, useTheme } from "../lib/prefs";
import { browserScale } from "../lib/rem";
import { noteUsable } from "../lib/response-times";
import { may, useMe } from "../lib/session";
import { useTitle } from "../lib/use-title";
import { LiveProvider, useWaitingForMe } from "../live/context";
import { useOwn } from "../live/own";
import { AlertBanner } from "./alert-banner";
import { AnnouncementBanner } from "./announcement-banner";
import { fewPages } from "./grouped";
import { DialogsProvider, useDialogs } from "./dialogs";
import { Foot } from "./foot";
import { Learning, TourOffer } from "./learning";
import { LeaveGuard } from "./leave-guard";
import { BottomBar, Rail, useEntries } from "./rail";
import { SecondLevel } from "./second-level";
import { NotYours } from "./states";
import { useMenu } from "./use-menu";
import { usePlace } from "./use-place";
import { useSecondForm } from "./use-second-form";

tolerateTranslators();

function ShellKeys() {
  const dialogs = useDialogs();
  const { all } = useEntries();
  const navigate = useNavigate();
  const keys: KeyMap = {
    "?": () => dialogs.open("keys"),
    F1: () => turnHelp(!learning.get().help),
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

/** Names the open page in the browser's tab, with the number of conversations that wait. */
function Title() {
  const { t } = useTranslation("areas");
  const { page } = usePlace();
  useTitle(page ? t(`page.${page.id}`) : "", useWaitingForMe());
  return null;
}

const BreakReminder = partOf(async () => (await import("./break-reminder")).BreakReminder);

const ViewBanner = partOf(async () => (await import("./view-banner")).ViewBanner);

/** On every page, whether the console is looked at as another role would. */
function Viewing() {
  return <Suspense fallback={null}>{useMe().is_viewing && <ViewBanner />}</Suspense>;
}

const PracticeBar = partOf(async () => (await import("./practice-bar")).PracticeBar);

/** Whoever wants to be reminded of a break is, on every page. */
function Reminder() {
  const { breakAfter } = useOwn();
  const me = useMe();
  return (
    <Suspense fallback={null}>
      {breakAfter !== null && may(me, "desk") && <BreakReminder after={breakAfter} />}
    </Suspense>
  );
}

/** The open page, beside the other pages of its area; or that the member may not open it. */
function Place() {
  const { area, page, pages: its, allowed } = usePlace();
  const pages = useMenu(area, page, its);
  const form = useSecondForm(page);
  const second = area !== null && area.at !== "me" && pages.length > 1;
  const look = page?.second === "list" && pages.length <= fewPages ? "app-page area area-list" : "app-page area";
  return (
    <div className={second ? look : "app-page"} data-second={second ? form : undefined}>
      {second && <SecondLevel area={area} page={page} pages={pages} form={form} />}
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
          <Title />
          <Reminder />
          <LeaveGuard />
          <a className="skip" href="#page">
            {t("skip")}
          </a>
          <div className="app">
            <Rail />
            <div className="app-middle">
              <div>
                <Suspense fallback={null}>{practice.isOn && <PracticeBar />}</Suspense>
                <Viewing />
                <AlertBanner />
                <AnnouncementBanner />
                {!practice.isOn && <TourOffer />}
              </div>
              <Place />
            </div>
            <Foot />
            <BottomBar />
          </div>
          <Learning />
        </DialogsProvider>
      </LiveProvider>
    </YingdaProvider>
  );
}
