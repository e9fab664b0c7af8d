import { expect, it, vi } from "vitest";
import { choose, prefs } from "../src/lib/prefs";
import { askForNotifications, notify } from "../src/live/attention";

/** As in Chrome on Android: permission is given, and a page that shows one is refused. */
function onAndroid() {
  const Refusing = vi.fn(() => {
    throw new TypeError("Illegal constructor");
  });
  vi.stubGlobal(
    "Notification",
    Object.assign(Refusing, { permission: "granted", requestPermission: async () => "granted" }),
  );
  return Refusing;
}

it("keeps nothing from what follows where the browser refuses to show a notification, and says so once", async () => {
  const refusing = onAndroid();
  document.hasFocus = () => false;
  choose({ notify: true });
  notify("Ada", "hello", "cnv_a", () => undefined);
  expect(refusing).toHaveBeenCalledTimes(1);
  expect(prefs.get().notify).toBe(false);
  expect(await askForNotifications("on")).toBe("cannot");
});
