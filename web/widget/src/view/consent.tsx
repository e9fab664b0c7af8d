import { tellWanted } from "@yingda/api/recommending";
import type { Consents, Purpose } from "@yingda/api/types";
import type { Address } from "../ask";
import { askAsVisitor } from "../ask-as-visitor";
import { h, type Child } from "../dom";
import { unrated } from "../leaving";
import { page } from "../saying";
import { visitor } from "../session";
import { day, lang, t } from "../text";
import { draw, ui } from "../ui";
import { Button } from "./sheet";

/** What the customer allows to be stored: asked once, in one line, and shown and changed from the menu. */

/** what this visitor allows; not known until it is loaded */
let known: Consents | undefined;
let whose: string | null | undefined;
/** whether all purposes are shown, each with its answer */
let isOpen = false;
let isLate = false;
let hasFailed = false;
let isUnsaved = false;
/** the page that was last told, and the conversation that it was told of */
let told = "";

const address = "/api/v1/widget/consents" satisfies Address;
/** What is used, and what was once agreed to or refused: that can be withdrawn even if it is not used any more. */
const used = () => known?.purposes.filter((one) => one.used || one.granted !== null) ?? [];
const words: Record<Purpose, "consent.pages" | "consent.profile" | "consent.recommendations"> = {
  pages: "consent.pages",
  profile: "consent.profile",
  recommendations: "consent.recommendations",
};

/** Says on which page the customer is, once for each page and conversation, if they agreed to that. */
function tellPage(): void {
  const here = `${ui.c.id} ${page?.url}`;
  if (!page || told === here || !used().some((one) => one.purpose === "pages" && one.used && one.granted)) return;
  told = here;
  const { title, url } = page;
  void askAsVisitor("/api/v1/widget/page" satisfies Address, JSON.stringify({ title, url }));
}

/** Of somebody else, it is asked anew; without an answer, nobody is asked, and nothing is stored. */
function load(): void {
  if (whose === visitor()) return;
  whose = visitor();
  known = undefined;
  told = "";
  void askAsVisitor<Consents>(address).then((found) => {
    // an answer of another release, or none, asks nothing
    known = found?.purposes ? found : undefined;
    draw();
  });
}

async function answer(answers: { purpose: Purpose; granted: boolean }[]) {
  if (isLate || !known) return;
  isLate = true;
  draw();
  const body = JSON.stringify({ answers, wording: known.wording, place: "widget" });
  const stored = await askAsVisitor<Consents>(address, body);
  isLate = false;
  hasFailed = !stored;
  known = stored ?? known;
  if (stored) for (const { purpose, granted } of answers) if (purpose === "recommendations") tellWanted(granted);
  draw();
}

const shut = (): void => {
  isOpen = false;
  draw();
};

/** Gives the customer what was said to take along, as a page of its own. */
async function save(): Promise<void> {
  const address: Address = `/api/v1/widget/conversations/${ui.c.id}/transcript?lang=${lang}`;
  const page = await askAsVisitor(address, undefined, undefined, (r) => r.blob());
  isUnsaved = !page;
  if (page)
    Object.assign(document.createElement("a"), { href: URL.createObjectURL(page), download: "chat.html" }).click();
  ui.menu = isUnsaved;
  draw();
}

/** The lines of the menu that take along what was said, and show everything that is kept. */
export function Item(): Child {
  // of somebody who has said nothing, nothing is kept
  if (!ui.c.seq) return null;
  load();
  return [
    <button onClick={() => void save()}>{t(isUnsaved ? "consent.failed" : "menu.save")}</button>,
    used().length > 0 && (
      <button
        onClick={() => {
          ui.menu = false;
          isOpen = true;
          draw();
        }}
      >
        {t("consent.title")}
      </button>
    ),
  ];
}

function All(): Child {
  return (
    <div class="sheet" role="region" aria-label={t("consent.title")}>
      <b>{t("consent.title")}</b>
      {used().map(({ purpose, granted, since }) => {
        const say = (next: boolean) => () => void answer([{ purpose, granted: next }]);
        return (
          <fieldset>
            <legend>{t(words[purpose])}</legend>
            <p class="meta" role="status">
              {t(since === null ? "consent.unasked" : granted ? "consent.given" : "consent.refused", {
                day: day(since ?? 0),
              })}
            </p>
            <div class="row">
              <Button kind="s" pressed={granted === true} press={say(true)}>
                {t("consent.yes")}
              </Button>
              <Button kind="s" pressed={granted === false} press={say(false)}>
                {t("consent.no")}
              </Button>
            </div>
          </fieldset>
        );
      })}
      {hasFailed && <p role="alert">{t("consent.failed")}</p>}
      <div class="row">
        <Button kind="s q" press={shut}>
          {t("consent.done")}
        </Button>
      </div>
    </div>
  );
}

/** Asks for what was not asked about yet, in one line; or shows everything. */
export function Card(): Child {
  load();
  tellPage();
  // a form that takes the composer's place comes first
  if (ui.leaving || unrated()) return null;
  if (isOpen) return <All />;
  // in easy mode, what is read needs the room; whoever is not asked has nothing kept, and the hall's page asks as well
  if (ui.elder) return null;
  const open = used().filter((one) => one.granted === null);
  if (!open[0]) return null;
  const say = (granted: boolean) => () => void answer(open.map(({ purpose }) => ({ purpose, granted })));
  return (
    <div class="sheet" role="region" aria-label={t("consent.title")}>
      <p>{t("consent.ask", { what: open.map(({ purpose }) => t(words[purpose])).join(t("consent.and")) })}</p>
      {hasFailed && <p role="alert">{t("consent.failed")}</p>}
      <div class="row">
        <Button kind="s" press={say(true)}>
          {t("consent.yes")}
        </Button>
        <Button kind="s" press={say(false)}>
          {t("consent.no")}
        </Button>
        <Button
          kind="s q"
          press={() => {
            isOpen = true;
            draw();
          }}
        >
          {t("consent.choose")}
        </Button>
      </div>
    </div>
  );
}
