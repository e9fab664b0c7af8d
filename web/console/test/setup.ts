import "../../ui/antd/test/setup";
import { configure } from "@testing-library/react";
import { slowness } from "../../slowness.ts";
import { beforeEach, vi } from "vitest";

vi.mock("@yingda/api/stream", async () => import("./fake-stream"));

// The router remembers scroll positions, but this window cannot scroll.
window.scrollTo = () => undefined;
window.innerWidth = 1440;
Element.prototype.scrollTo ??= () => undefined;
// Charts measure their words on a canvas where there is one.
HTMLCanvasElement.prototype.getContext = () => null;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

// Pages are loaded when they are first opened, and the machine may be busy with other tests.
configure({ asyncUtilTimeout: 30_000 * slowness, getElementError: (message) => new Error(message ?? "not found") });
