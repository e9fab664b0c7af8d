import { afterEach, beforeEach, expect, vi } from "vitest";
import { forgetListeners } from "./listeners";

/** A page that includes the loader; the frame's side is played by the test. */
export const ORIGIN = "http://localhost:3000";
type Api = (...args: unknown[]) => void;
export const yingda: Api = (...args) => (window as unknown as { yingda: Api }).yingda(...args);

/** The loader's elements; there may be one of each at most. */
export const hosts = () => [...document.querySelectorAll<HTMLElement>("yingda-chat")];
export const host = () => hosts()[0] as HTMLElement;
export const button = () => host().shadowRoot?.querySelector("button") as HTMLButtonElement;
export const frame = () => host().shadowRoot?.querySelector("iframe") as HTMLIFrameElement;
export const badge = () => button().querySelector("b") as HTMLElement;

/** What the frame was told. */
export const told: Record<string, unknown>[] = [];
export const last = () => told[told.length - 1];
/** The frame's window: jsdom gives frames in a shadow tree none of their own. */
const pane = () => ({
  postMessage(m: Record<string, unknown>, target: string) {
    expect(target).toBe(ORIGIN);
    told.push(m);
  },
});
let inner = pane();

export function fromFrame(data: object, origin = ORIGIN, source: unknown = inner): void {
  dispatchEvent(Object.assign(new Event("message"), { data: { yingda: 1, ...data }, origin, source }));
}
export const ready = () => fromFrame({ do: "ready" });

/** Runs the script, as a tag of the page does: for the first time in this page, or again. */
export async function load(attributes: Record<string, string> = { site: "demo", lang: "en" }): Promise<void> {
  vi.resetModules();
  const script = document.createElement("script");
  script.src = `${ORIGIN}/w.js`;
  Object.assign(script.dataset, attributes);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  await import("../src/loader/w");
}

/** Moves the loader's element as a page does: the frame gets another window, and loads again. */
export function moveTo(parent: Element): void {
  inner = pane();
  parent.append(host());
}
/** Waits until the loader has heard of the changes of the page. */
export const noticed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Returns a function that ends the page: nothing of it is left, as after a navigation. */
export function eachPageIsNew(): () => void {
  const forget = forgetListeners();
  let watchers: MutationObserver[] = [];
  const end = () => {
    for (const watcher of watchers) watcher.disconnect();
    watchers = [];
    forget();
    for (const one of hosts()) one.remove();
    document.body.replaceChildren();
    document.body.removeAttribute("inert");
    for (const name of ["yingda", "yingdaLoaders"]) delete (window as unknown as Record<string, unknown>)[name];
  };
  beforeEach(() => {
    document.title = "Shop";
    sessionStorage.clear();
    localStorage.clear();
    told.length = 0;
    CSSStyleSheet.prototype.replaceSync = () => undefined;
    vi.stubGlobal(
      "MutationObserver",
      class extends MutationObserver {
        constructor(noticed: MutationCallback) {
          super(noticed);
          watchers.push(this);
        }
      },
    );
    vi.spyOn(HTMLIFrameElement.prototype, "contentWindow", "get").mockImplementation(() => inner as unknown as Window);
    vi.stubGlobal("innerWidth", 1200);
    vi.stubGlobal("innerHeight", 900);
  });
  afterEach(() => {
    end();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return end;
}
