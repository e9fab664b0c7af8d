import { beforeEach, describe, expect, it } from "vitest";
import type { Pending } from "../src/unsent";
import { Shelf, type Place } from "../src/shelf";

/** A browser with its storage and its locks. A page that ends releases its locks. */
class Browser {
  kept = new Map<string, string>();
  full = false;
  /** the pages waiting for a name, the holder first */
  #waiting: { page: object; name: string; run: () => void }[] = [];

  page(): Place & { end(): void } {
    const page = {};
    const leave = (which: (one: { page: object; name: string; run: () => void }) => boolean) => {
      const gone = this.#waiting.filter(which);
      const held = gone.filter((one) => this.#waiting.find((other) => other.name === one.name) === one);
      this.#waiting = this.#waiting.filter((one) => !which(one));
      for (const { name } of held) this.#waiting.find((one) => one.name === name)?.run();
    };
    return {
      get: (name) => this.kept.get(name) ?? null,
      set: (name, value) => {
        if (value === null) this.kept.delete(name);
        else if (this.full) return false;
        else this.kept.set(name, value);
        return true;
      },
      names: () => [...this.kept.keys()],
      alone: <T>(name: string, work: () => T | Promise<T>) =>
        new Promise<T>((done) => {
          const run = () =>
            void Promise.resolve(work()).then((value) => {
              leave((one) => one.run === run);
              done(value);
            });
          this.#waiting.push({ page, name, run });
          if (this.#waiting.find((one) => one.name === name)?.run === run) run();
        }),
      end: () => leave((one) => one.page === page),
    };
  }
}

const send = (id: string): Pending => ({
  client_id: id,
  conversation: "cnv_a",
  body: { type: "text", text: id },
  at: 1,
});
const settle = () => new Promise((done) => setTimeout(done));
let browser: Browser;
function tab(name: string) {
  const place = browser.page();
  const shelf = new Shelf(place, "out.", name);
  const got: string[] = [];
  shelf.takeOver((list) => got.push(...list.map((p) => p.client_id)));
  return { shelf, got, end: place.end };
}

beforeEach(() => (browser = new Browser()));

describe("unanswered sends", () => {
  it("of a page that ended go to one page that comes after it", async () => {
    const a = tab("a");
    a.shelf.save([send("1"), send("2")]);
    a.end();
    const [b, c] = [tab("b"), tab("c")];
    await settle();
    expect([b.got, c.got].sort()).toEqual([[], ["1", "2"]]);
    expect(browser.kept.size).toBe(0);
  });

  it("of a page that lives are its own, until it ends", async () => {
    const a = tab("a");
    a.shelf.save([send("1")]);
    const b = tab("b");
    await settle();
    expect(b.got).toEqual([]);
    a.shelf.save([send("1"), send("2")]);
    a.end();
    await settle();
    expect(b.got).toEqual(["1", "2"]);
  });

  it("of a page that had none when another began are taken over all the same", async () => {
    const a = tab("a");
    const b = tab("b");
    a.shelf.save([send("1")]);
    dispatchEvent(new Event("storage"));
    a.end();
    await settle();
    expect(b.got).toEqual(["1"]);
  });

  it("are not taken twice when both were answered meanwhile", async () => {
    const a = tab("a");
    a.shelf.save([send("1")]);
    const b = tab("b");
    a.shelf.save([]);
    a.end();
    await settle();
    expect(b.got).toEqual([]);
    expect(browser.kept.size).toBe(0);
  });

  it("that are no sends at all harm nobody", async () => {
    browser.kept.set("out.x", "{broken");
    browser.kept.set("out.y", JSON.stringify([{ nothing: 1 }, send("3")]));
    const b = tab("b");
    await settle();
    expect(b.got).toEqual(["3"]);
    expect(browser.kept.size).toBe(0);
  });

  it("tell whether they could be kept", () => {
    const told: boolean[] = [];
    const shelf = new Shelf(browser.page(), "out.", "a", (_, kept) => told.push(kept));
    shelf.save([send("1")]);
    browser.full = true;
    shelf.save([send("1"), send("2")]);
    shelf.save([]);
    expect(told).toEqual([true, false, true]);
  });
});
