import type { Locator, Page } from "@playwright/test";
import type { Words } from "./words";

/** The floor as a supervisor uses it, with the conversation beside it. */
export class FloorView {
  constructor(
    readonly page: Page,
    readonly name: string,
    readonly t: Words,
  ) {}

  async open(): Promise<void> {
    await this.page.goto("/console/floor/now");
    await this.served.waitFor();
  }

  /** The conversations that agents serve. */
  get served(): Locator {
    return this.page.getByRole("region", { name: this.t.console("floor.served") });
  }
  get needs(): Locator {
    return this.page.getByRole("region", { name: this.t.console("floor.needs") });
  }
  get agents(): Locator {
    return this.page.getByRole("region", { name: this.t.console("floor.agents"), exact: true });
  }
  get pane(): Locator {
    return this.page.getByRole("complementary", { name: this.t.console("floor.pane"), exact: true });
  }
  get log(): Locator {
    return this.pane.getByRole("log");
  }

  /** A way to help, in the open conversation. */
  mode(which: "listen" | "whisper" | "join" | "take_over"): Locator {
    return this.pane.getByRole("radio", { name: new RegExp(`^${this.t.console(`floor.mode.${which}`)}`) });
  }
  async whisper(to: string, words: string): Promise<void> {
    const field = this.pane.getByRole("textbox", { name: this.t.console("floor.whisper.label", { name: to }) });
    await field.fill(words);
    await field.press("Control+Enter");
  }
}
