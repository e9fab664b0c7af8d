import { expect, it } from "vitest";
import { browserOf } from "../src/browser";

it("reads browser and system out of what a browser says", () => {
  expect(browserOf("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) AppleWebKit/605 Version/18 Safari/605")).toEqual({
    browser: "Safari",
    system: "macOS",
  });
  expect(browserOf("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140")).toEqual({
    browser: "Edge",
    system: "Windows",
  });
  expect(browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) CriOS/140 Safari/604")).toEqual({
    browser: "Chrome",
    system: "iPhone",
  });
  expect(browserOf("curl/8")).toEqual({ browser: "", system: "" });
});
