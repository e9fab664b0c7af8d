import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { BEST_SCORE, WORST_SCORE } from "../../web/api/src/rating.ts";
import type { Words } from "./words";

/** All scores, from the worst to the best. */
export const allScores: readonly number[] = Array.from(
  { length: BEST_SCORE - WORST_SCORE + 1 },
  (_, more) => WORST_SCORE + more,
);

/** The conversation as a customer sees it, in the widget's frame or on the hosted page. */
export class Chat {
  constructor(
    readonly page: Page,
    readonly root: Page | FrameLocator,
    readonly t: Words,
  ) {}

  get log(): Locator {
    return this.root.getByRole("log", { name: this.t.widget("chat.log") });
  }
  /** Its name depends on the conversation's state; the skip link leads to this id. */
  get composer(): Locator {
    return this.root.locator("textarea#write");
  }
  /** Its name also says how long one waits, if one does. */
  get human(): Locator {
    return this.root.locator(".head").getByRole("button", { name: this.t.widget("chat.human") });
  }
  /** The button in the banner that is shown while the network is down. */
  get banner(): Locator {
    return this.root.getByRole("button", { name: this.t.widget("net.now") });
  }
  /** What is announced about the network. */
  get network(): Locator {
    return this.root.locator(".net").getByRole("status");
  }

  async say(...lines: string[]): Promise<void> {
    for (const line of lines) {
      await this.composer.fill(line);
      await this.composer.press("Enter");
    }
  }

  /** Agrees to what is asked once, after the first message: that the team sees the page, among others. */
  async agree(): Promise<void> {
    const asks = this.root.getByRole("region", { name: this.t.widget("consent.title") });
    await asks.getByRole("button", { name: this.t.widget("consent.yes"), exact: true }).click();
  }

  /** The customer's messages that contain these words. */
  mine(words: string): Locator {
    return this.log.locator("article.me").filter({ hasText: words });
  }
  bot(words: string | RegExp): Locator {
    return this.log
      .getByRole("article", { name: new RegExp(`, ${this.t.widget("chat.ai")}, `) })
      .filter({ hasText: words });
  }
  agent(words: string | RegExp): Locator {
    return this.log.locator("article.agent").filter({ hasText: words });
  }
  /** The text below an own message: sending, delivered, read. */
  tick(words: string): Locator {
    return this.mine(words).locator(".tick");
  }
  /** All own messages, in order. */
  get said(): Locator {
    return this.log.locator("article.me .bub");
  }

  /** What a score means. */
  private word(n: number): string {
    return this.t.widget("rate.words").split("/")[n - WORST_SCORE] ?? "";
  }
  score(n: number): Locator {
    return this.root.getByRole("radio", { name: this.word(n) });
  }
  get sendRating(): Locator {
    return this.root.getByRole("button", { name: this.t.widget("rate.send") });
  }
  async fillRating(n: number, comment: string): Promise<void> {
    // the radio button itself is for keyboards and screen readers; a hand presses its label
    await this.root.getByText(this.t.widget("rate.yes"), { exact: true }).click();
    await this.root.getByText(this.word(n), { exact: true }).click();
    await expect(this.score(n)).toBeChecked();
    await this.root.getByRole("textbox", { name: this.t.widget("rate.comment") }).fill(comment);
  }
  rated(n: number): Locator {
    return this.log.getByText(this.t.widget("chat.rated", { n, word: this.word(n) }));
  }
  joined(name: string): Locator {
    return this.log.getByText(this.t.widget("chat.joined", { name }));
  }
}
