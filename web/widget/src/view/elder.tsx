import { currencies, nameOf, signOf } from "@yingda/api/money";
import { onVoices, readAloud, voiceFor } from "@yingda/api/speech";
import { headset, sound } from "@yingda/tokens/icons.ts";
import { closePanel } from "../app";
import { askHuman } from "../saying";
import { h, type Child } from "../dom";
import { isClosed } from "../leaving";
import { wear } from "./sheet";
import { setScale } from "../size";
import css from "../style/elder.css?inline";
import { lang, t } from "../text";
import { draw, ui } from "../ui";
import { Icon } from "./parts";

wear(css);

/** The text size one step above easy mode's own. */
const LARGEST = 200;
/** Texts of more characters are put in lines. */
const LONG = 60;

/** The currencies by their signs. */
const codes = new Map(Object.keys(currencies).map((code) => [signOf(code), code]));

/** stops the reading in progress */
let stop: (() => void) | null = null;
onVoices(draw);

function read(text: string): void {
  if (stop) return stop();
  // the press that starts it must not be the touch that stops it
  setTimeout(() => {
    stop = readAloud([text], lang, (at) => {
      if (at === null) stop = null;
      [...document.querySelectorAll("article.bot .bub")].pop()?.classList.toggle("reading", at !== null);
      draw();
    });
  });
}

/** Replaces the menu: words, no symbols. */
export const Tools = (): Child => (
  <div class="tools">
    <button onClick={() => setScale(ui.scale >= LARGEST ? 150 : LARGEST)}>
      {t(ui.scale >= LARGEST ? "elder.smaller" : "elder.bigger")}
    </button>
    {!ui.hosted && <button onClick={closePanel}>{t("elder.close")}</button>}
  </div>
);

/** The bot's words as they are drawn: money without a symbol the reader has to know, and each part of a long text on a line of its own. */
export const plain = (text: string): string => {
  const said = text.replace(/([A-Z]*[¥$€£฿₩]|RM)([\d,.]*\d)/g, (whole, sign: string, n: string) => {
    const code = codes.get(sign);
    return code ? `${n} ${nameOf(code, lang)}` : whole;
  });
  return said.length > LONG ? said.replace(/([;；。][”）]?|\.(?= [A-Z])) *(?=.)/g, "$1\n") : said;
};

/** Shown below every turn of the bot: the way to a human agent as a whole sentence, and reading aloud. */
export const Turn = ({ text }: { text: string }): Child => (
  <div class="turn">
    <button class="btn" onClick={askHuman}>
      <Icon d={headset} />
      {t(isClosed() ? "elder.lost_left" : "elder.lost")}
    </button>
    {text && voiceFor(lang) && (
      <button class="btn" aria-pressed={!!stop} onClick={() => read(text)}>
        <Icon d={sound} />
        {t(stop ? "elder.stop" : "elder.read")}
      </button>
    )}
  </div>
);
