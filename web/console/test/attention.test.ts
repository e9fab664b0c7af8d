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

it("makes one tone for one thing, whichever tabs notice it, also where each takes itself for the first", async () => {
  vi.useFakeTimers();
  const tones = vi.fn();
  const node = () => ({
    connect: (to: unknown) => to,
    frequency: {},
    gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
    start: tones,
    stop() {},
  });
  vi.stubGlobal(
    "AudioContext",
    class {
      createOscillator = node;
      createGain = node;
    },
  );
  const tab = async () => {
    vi.resetModules();
    const { play } = await import("../src/live/attention");
    return (await import("../src/lib/prefs")).choose({ sound: true, volume: 1 }), play;
  };
  const [first, second, third] = [await tab(), await tab(), await tab()];
  for (const play of [first, second]) play("message", "cnv_a 7");
  await vi.advanceTimersByTimeAsync(1000);
  third("message", "cnv_a 7");
  await vi.advanceTimersByTimeAsync(1000);
  expect(tones).toHaveBeenCalledTimes(1);
  second("message", "cnv_a 8");
  await vi.advanceTimersByTimeAsync(1000);
  expect(tones).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
