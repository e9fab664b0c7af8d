import { afterEach, vi } from "vitest";

// The files of a package share their modules and their document (docs/TESTING.md): what one test leaves behind, the next one finds.
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.clearAllMocks();
  if (typeof document === "undefined") return;
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
  // The secret of a link, which a page reads as it opens.
  if (location.hash !== "") location.hash = "";
});
