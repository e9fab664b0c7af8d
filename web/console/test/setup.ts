import { configure } from "@testing-library/react";
import { slowness } from "../../slowness.ts";
import { afterEach, vi } from "vitest";
import { setServerClock } from "../src/lib/clock";

vi.mock("@yingda/api/stream", async () => import("./fake-stream"));
vi.mock("../src/desk/message-body", async () => import("./counted-message-body"));

// The router remembers scroll positions, but this window cannot scroll.
window.scrollTo = () => undefined;
window.innerWidth = 1440;
Element.prototype.scrollTo ??= () => undefined;
// Charts measure their words on a canvas where there is one.
HTMLCanvasElement.prototype.getContext = () => null;

// Pages are loaded when they are first opened, and the machine may be busy with other tests.
configure({ asyncUtilTimeout: 30_000 * slowness, getElementError: (message) => new Error(message ?? "not found") });

// A server of one test does not tell the next the time.
afterEach(() => {
  vi.useRealTimers();
  setServerClock(Date.now());
});
