import { afterEach, beforeEach, vi } from "vitest";

/**
 * Removes after each test what a page listens to on its window and its document, because the next test has a new page. The function that is returned does so
 * at once, for tests in which a page follows another.
 */
export function forgetListeners(): () => void {
  let heard: (() => void)[] = [];
  const forget = () => {
    for (const unlisten of heard) unlisten();
    heard = [];
  };
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
  afterEach(forget);
  return forget;
}
