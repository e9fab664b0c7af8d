import { afterEach, beforeEach, vi } from "vitest";

/** Removes after each test what a page listens to on its window and its document, because the next test has a new page. */
export function forgetListeners(): void {
  let heard: (() => void)[] = [];
  beforeEach(() => {
    const { addEventListener: listen, removeEventListener: unlisten } = globalThis;
    vi.stubGlobal("addEventListener", (...of: Parameters<typeof addEventListener>) => {
      heard.push(() => unlisten(...of));
      listen(...of);
    });
    const listenToDocument = document.addEventListener.bind(document);
    vi.spyOn(document, "addEventListener").mockImplementation((...of: Parameters<typeof document.addEventListener>) => {
      heard.push(() => document.removeEventListener(...of));
      listenToDocument(...of);
    });
  });
  afterEach(() => {
    for (const forget of heard) forget();
    heard = [];
  });
}
