import type { Lang } from "./types";

/** Slower than the default of speech synthesis: easy mode reads to people who listen, not to people who skim. */
const RATE = 0.85;

/** The browser's own voice for a language, if it has one. */
export function voiceFor(lang: Lang): SpeechSynthesisVoice | undefined {
  const all = globalThis.speechSynthesis?.getVoices() ?? [];
  const short = lang.slice(0, 2);
  return all.find((v) => v.lang.replace("_", "-") === lang) ?? all.find((v) => v.lang.toLowerCase().startsWith(short));
}

/** Calls back when the browser's voices change; many load them late. Returns a function that stops this. */
export function onVoices(changed: () => void): () => void {
  const speech = globalThis.speechSynthesis;
  speech?.addEventListener("voiceschanged", changed);
  return () => speech?.removeEventListener("voiceschanged", changed);
}

/**
 * Reads pieces aloud, one after another, and reports the current one; null at the end. Any touch or key stops it, so that the listener does not have to look
 * for a button. Returns a function that stops it.
 */
export function readAloud(pieces: readonly string[], lang: Lang, at: (piece: number | null) => void): () => void {
  const speech = globalThis.speechSynthesis;
  const voice = voiceFor(lang);
  const life = new AbortController();
  const stop = (): void => {
    if (life.signal.aborted) return;
    life.abort();
    speech.cancel();
    at(null);
  };
  const read = (i: number): void => {
    const text = pieces[i];
    if (life.signal.aborted) return;
    if (text === undefined || !voice) return stop();
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = lang;
    words.rate = RATE;
    words.onend = () => read(i + 1);
    words.onerror = stop;
    at(i);
    speech.speak(words);
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, stop, { capture: true, signal: life.signal });
  addEventListener("pagehide", stop, { signal: life.signal });
  speech.cancel();
  read(0);
  return stop;
}
