import { appendFileSync } from "node:fs";
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { Chat } from "./chat";
import { Desk } from "./desk";
import { Panel } from "./panel";
import { password, type Role, type Seed, type Server } from "./server";
import type { Words } from "./words";

/** A console message of the browser that is only about the network; stories that cut the network expect these. */
const aboutTheNetwork = /^Failed to load resource|^WebSocket connection to|net::ERR_/;

/** Appends the address of each page that is opened to a file, for `make advice`. */
function noteVisits(page: Page, file: string): void {
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) appendFileSync(file, `${new URL(frame.url()).pathname}\n`);
  });
}

/** The people in a story, each with a browser (context) of their own, and the errors in their pages. */
export class People {
  readonly #contexts: BrowserContext[] = [];
  readonly problems: string[] = [];

  constructor(
    readonly browser: Browser,
    readonly server: Server,
    readonly seed: Seed,
    readonly t: Words,
    readonly onlyLooks: boolean,
  ) {}

  /** A new browser; `base` is the address at which the server is reached, by default directly. */
  async context(who: string, options: BrowserContextOptions = {}, browser = this.browser): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: this.server.url, ...options });
    this.#contexts.push(context);
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (e) =>
        console.error(`refused by the page's policy: ${e.violatedDirective} ${e.blockedURI}`),
      );
    });
    // The tour is offered once to each person; here, everybody has put it off.
    await context.addInitScript(() => {
      if (!/\/console(\/|$)/.test(location.pathname)) return;
      try {
        const key = "yingda.console.prefs";
        localStorage.setItem(key, localStorage.getItem(key) ?? JSON.stringify({ tourAnswered: true }));
      } catch {
        // A page without an origin has no storage.
      }
    });
    context.on("console", (message) => {
      if (message.type() === "error" && !aboutTheNetwork.test(message.text()))
        this.problems.push(`${who}: ${message.text()}`);
    });
    if (this.onlyLooks) {
      context.on("request", (request) => {
        const { pathname } = new URL(request.url());
        // Pages begin sessions, and report their response times and where the chat is, by themselves.
        const isOwn = /\/(widget\/sessions|response-times|sightings)$/.test(pathname);
        if (request.method() !== "GET" && pathname.startsWith("/api/") && !isOwn)
          this.problems.push(`${who} only looks, and sent ${request.method()} ${pathname}`);
      });
    }
    const { VISITED } = process.env;
    if (VISITED) context.on("page", (page) => noteVisits(page, VISITED));
    context.on("weberror", (error) => this.problems.push(`${who}: ${String(error.error())}`));
    return context;
  }

  /** A customer on the hosted chat page. */
  async customer(base = this.server.url): Promise<{ page: Page; chat: Chat }> {
    const page = await (await this.context("customer", { baseURL: base })).newPage();
    return { page, chat: await this.hosted(page) };
  }

  async hosted(page: Page): Promise<Chat> {
    await page.goto("/c/demo");
    const chat = new Chat(page, page, this.t);
    await chat.composer.waitFor();
    return chat;
  }

  /** A customer in the hall, with the widget's frame. */
  async visitor(path: string, options: BrowserContextOptions = {}): Promise<{ page: Page; chat: Chat }> {
    const page = await (await this.context("customer", options)).newPage();
    await page.goto(path);
    return { page, chat: this.framed(page) };
  }

  framed(page: Page): Chat {
    return new Chat(page, page.frameLocator("iframe"), this.t);
  }

  /** A signed-in member of the staff. */
  async staff(role: Role, which = 0, base = this.server.url): Promise<{ page: Page; name: string }> {
    const member = this.seed.members.filter((one) => one.role === role)[which];
    if (!member) throw new Error(`the demo has no ${role} number ${String(which)}`);
    const context = await this.context(member.name, { baseURL: base });
    await context.addCookies([
      {
        name: "__Host-yingda",
        value: member.cookie,
        url: "https://127.0.0.1/",
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
      },
    ]);
    return { page: await context.newPage(), name: member.name };
  }

  /** Someone who signs in on the sign-in page, with the password from the seed. */
  async signIn(email: string): Promise<Page> {
    const { t } = this;
    const page = await (await this.context(email)).newPage();
    await page.goto("/console/sign-in");
    await page.getByRole("textbox", { name: t.console("signin.email") }).fill(email);
    await page.getByLabel(t.console("signin.password"), { exact: true }).fill(password);
    await page.getByRole("button", { name: t.console("signin.submit") }).click();
    await page
      .getByRole("navigation", { name: t.console("shell.rail.label") })
      .first()
      .waitFor();
    return page;
  }

  /** An agent at the desk, offline unless stated otherwise. */
  async agent(state: "available" | "offline" = "available", which = 0, base = this.server.url): Promise<Desk> {
    const { page, name } = await this.staff("agent", which, base);
    const desk = new Desk(page, name, this.t);
    await desk.open();
    if (state === "available") await desk.become(state);
    return desk;
  }

  /** Waits until the server counts this many agents as connected and free to accept conversations. */
  async available(count: number): Promise<void> {
    const cookie = this.seed.members.find((one) => one.role === "manager")?.cookie ?? "";
    const ask = async (): Promise<number> => {
      const answer = await fetch(`${this.server.url}/api/v1/panel`, { headers: { Cookie: `__Host-yingda=${cookie}` } });
      return ((await answer.json()) as { now: { agents_available: number } }).now.agents_available;
    };
    await expect.poll(ask).toBe(count);
  }

  async manager(): Promise<Panel> {
    const { page } = await this.staff("manager");
    const panel = new Panel(page, this.t);
    await panel.open();
    return panel;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }
}
