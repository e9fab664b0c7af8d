import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";

/** What the identity provider says of somebody. */
export interface Account {
  email: string;
  email_verified: boolean;
  name: string;
  groups: string[];
}

/** An identity provider for one company (`oidc-provider`), a process of its own. */
export class IdentityProvider {
  static readonly client = "yingda";
  static readonly secret = "a secret that both know";

  private constructor(
    readonly issuer: string,
    readonly child: ChildProcess,
  ) {}

  static async start(redirectUri: string, accounts: Record<string, Account>): Promise<IdentityProvider> {
    const { client, secret } = IdentityProvider;
    const child = spawn(process.execPath, [path.resolve(import.meta.dirname, "oidc-provider.mjs")], {
      env: { ...process.env, IDENTITY_PROVIDER: JSON.stringify({ client, secret, redirectUri, accounts }) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
    const ended = once(child, "exit").then(() => {
      throw new Error(`the identity provider ended before it was ready:\n${log}`);
    });
    const ready = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line.startsWith("ready ")) resolve(line.slice("ready ".length));
      });
    });
    ended.catch(() => undefined);
    return new IdentityProvider(await Promise.race([ready, ended]), child);
  }

  /** Signs in on its page, and allows what is asked for. */
  async signIn(page: Page, login: string): Promise<void> {
    await page.locator("input[name=login]").fill(login);
    await page.locator("input[name=password]").fill("anything");
    await page.locator("button[type=submit]").click();
    await page.getByRole("button", { name: "Continue" }).click();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill();
    await gone;
  }
}
