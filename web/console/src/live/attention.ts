import { uuid } from "@yingda/api/ids";
import { choose, prefs } from "../lib/prefs";
import { own } from "./own";

type Tone = "message" | "assigned" | "offered" | "alert";
/** What is heard in calm mode as well: an offer lapses, and an alert is about somebody in danger or what the company calls urgent. */
const lastingTones: readonly Tone[] = ["offered", "alert"];
let audio: AudioContext | null = null;

/** Whether this tab speaks for all that are open; null if there is no connection. */
let speaks: (() => boolean) | null = null;
export function speakIf(isFirst: (() => boolean) | null) {
  speaks = isFirst;
}

/** What is for eye or ear keeps nothing from what follows it: returns whether it could be done. */
function could(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Which tab makes a tone, and about what. */
interface Claim {
  about: string;
  tab: string;
  at: number;
}
const tab = uuid();
/** In milliseconds: how long other tabs may take to notice the same thing, and to write that they did at the same moment. */
const noticed = 3000;
const settled = 50;

/**
 * Makes a tone in one of the tabs that noticed the same thing: whichever wrote last that it would. Which tab speaks for all cannot be told where several are in front,
 * or where the browser has no locks.
 */
function once(tone: Tone, about: string, make: () => void) {
  const key = `yingda.console.tone.${tone}`;
  const claimed = () => JSON.parse(localStorage.getItem(key) ?? "null") as Claim | null;
  // A tab in which nobody has pressed anything yet cannot sound.
  if (navigator.userActivation?.hasBeenActive === false) return;
  const isClaimed = could(() => {
    const last = claimed();
    if (last?.about === about && last.tab !== tab && Date.now() - last.at < noticed) return;
    localStorage.setItem(key, JSON.stringify({ about, tab, at: Date.now() } satisfies Claim));
    setTimeout(() => could(() => claimed()?.tab === tab && make()), settled);
  });
  if (!isClaimed) make();
}

/**
 * Soft tones synthesised in the browser: two rising ones for a new conversation, a single one for a message, three high ones for an alert. `about` is what it tells
 * of, by the same words in each tab, so that it is heard once; null for a sample.
 */
export function play(tone: Tone, about: string | null, always = false) {
  const { sound, volume } = prefs.get();
  if (!always && speaks?.() === false) return;
  if (!always && own.get().calm && !lastingTones.includes(tone)) return;
  if ((!sound && !always) || volume === 0 || typeof AudioContext === "undefined") return;
  const make = () => void could(() => beep(tone, volume));
  if (about === null) make();
  else once(tone, about, make);
}

function beep(tone: Tone, volume: number) {
  audio ??= new AudioContext();
  const context = audio;
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  const notes = {
    message: [698.46],
    assigned: [587.33, 880],
    offered: [587.33, 880],
    alert: [987.77, 987.77, 1318.51],
  }[tone];
  notes.forEach((frequency, index) => {
    const start = context.currentTime + index * 0.14;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = "sine";
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume * 0.25, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.4);
  });
}

/** Shows a desktop notification, but only while the page is not visible and if notifications were enabled. */
export function notify(title: string, body: string, tag: string, onOpen: () => void) {
  if (
    !prefs.get().notify ||
    speaks?.() === false ||
    typeof Notification === "undefined" ||
    Notification.permission !== "granted" ||
    document.hasFocus()
  )
    return;
  const shown = could(() => {
    const notification = new Notification(title, { body, tag, icon: "/console/mark.svg" });
    notification.onclick = () => {
      window.focus();
      onOpen();
      notification.close();
    };
  });
  // The switch is to show what happens.
  if (!shown) choose({ notify: false });
}

/**
 * Asks the browser for permission, only after a press, and shows the first notification: Chrome on Android permits notifications, and throws when a page shows one.
 */
export async function askForNotifications(first: string): Promise<"shown" | "refused" | "cannot"> {
  if (typeof Notification === "undefined") return "cannot";
  if ((await Notification.requestPermission()) !== "granted") return "refused";
  return could(() => new Notification(first, { tag: "first", icon: "/console/mark.svg" })) ? "shown" : "cannot";
}
