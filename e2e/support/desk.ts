import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "./words";

export type State = "available" | "break" | "offline";

/** The console as an agent uses it. */
export class Desk {
  constructor(
    readonly page: Page,
    readonly name: string,
    readonly t: Words,
  ) {}

  get list(): Locator {
    return this.page.getByRole("region", { name: this.t.console("desk.pane.list") });
  }
  get pane(): Locator {
    return this.page.getByRole("region", { name: this.t.console("desk.pane.conversation"), exact: true });
  }
  get customer(): Locator {
    return this.page.getByRole("complementary", { name: this.t.console("desk.pane.customer") });
  }
  get log(): Locator {
    return this.pane.getByRole("log");
  }
  get composer(): Locator {
    return this.pane.getByRole("combobox", { name: this.t.console("desk.composer.label") });
  }
  get note(): Locator {
    return this.pane.getByRole("combobox", { name: this.t.console("desk.composer.note_label") });
  }
  get state(): Locator {
    return this.page.getByRole("button", { name: this.t.console("desk.state.mine") });
  }
  /** The button in the strip that is shown while the connection is down. */
  get linkDown(): Locator {
    return this.pane.getByRole("button", { name: this.t.console("desk.link.retry") });
  }
  get rows(): Locator {
    return this.list.getByRole("listitem").getByRole("link");
  }

  async open(path = "/console/inbox"): Promise<void> {
    await this.page.goto(path);
    await this.state.waitFor();
  }

  async become(state: State): Promise<void> {
    await this.state.click();
    await this.page.getByRole("radio", { name: new RegExp(`^${this.t.console(`desk.state.${state}`)}`) }).click();
    await expect(this.state).toContainText(this.t.console(`desk.state.${state}`));
  }

  /** Shows another of the desk's own lists. */
  async show(which: "mine" | "queue" | "resolved"): Promise<void> {
    await this.list.getByRole("button", { name: new RegExp(`^${this.t.console("desk.pane.which")}`) }).click();
    await this.page.getByRole("radio", { name: new RegExp(`^${this.t.console(`desk.tab.${which}`)}`) }).click();
  }

  /** Opens the only conversation in the list. */
  async openFirst(): Promise<void> {
    await this.rows.first().click();
    await this.composer.waitFor();
  }

  async say(...lines: string[]): Promise<void> {
    for (const line of lines) {
      await this.composer.fill(line);
      await this.composer.press("Enter");
    }
  }

  async toNote(): Promise<void> {
    await this.pane
      .getByRole("group", { name: this.t.console("desk.composer.ground") })
      .getByRole("button", { name: this.t.console("desk.composer.note"), exact: true })
      .click();
  }
  async keepNote(words: string): Promise<void> {
    await this.toNote();
    await this.note.fill(words);
    await this.note.press("Enter");
  }

  /** Resolves the open conversation; where the customer spoke last, that takes a second press. */
  async resolve(spoke: "agent" | "customer" = "agent"): Promise<void> {
    const button = this.pane.getByRole("button", { name: this.t.console("desk.resolve"), exact: true });
    await button.click();
    if (spoke === "customer") await button.click();
  }

  async transfer(to: string, note: string): Promise<void> {
    const { t } = this;
    await this.pane.getByRole("button", { name: t.console("desk.transfer"), exact: true }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: to }).click();
    await dialog.getByRole("textbox", { name: t.console("desk.transfer.note") }).fill(note);
    await dialog.getByRole("button", { name: t.console("desk.transfer.to", { name: to }) }).click();
  }

  /** When the server assigned the open conversation to its agent. */
  async assignedAt(): Promise<number> {
    return Date.parse((await this.log.locator(".node-agent time").last().getAttribute("datetime")) ?? "");
  }

  /** These words, everywhere they appear in the transcript. */
  said(words: string | RegExp): Locator {
    return this.log.getByText(words);
  }
  /** All messages from the customer, in order. */
  get saidByCustomer(): Locator {
    return this.log.locator(".run-customer .bubble");
  }
}
