import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { patiently } from "./api";

const root = path.resolve(import.meta.dirname, "../..");
const program =
  process.env.YINGDA_BIN ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/yingda");

/** The server reads `YINGDA_…` as its configuration and rejects unknown variables. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("YINGDA_"))),
    YINGDA_LOG: "warn",
    YINGDA_EGRESS__ALLOW_PRIVATE: "true",
  };
}

/** What a command prints that is given at the terminal, beside the running server. */
export async function atTerminal(server: { data: string }, ...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...command, "--data", server.data], { env: environment() });
  return stdout.trim();
}

export type Role = "administrator" | "manager" | "agent";

/** A member of the demo's staff with the link from the first start. */
export interface Member {
  role: Role;
  name: string;
  link: string;
}

/** One `yingda serve` with its own data folder. */
export class Server {
  #child: ChildProcess | null = null;
  #address = "127.0.0.1:0";
  #log = "";

  private constructor(readonly data: string) {}

  /** Starts on a copy of a seed or, without one, on an empty folder with the demo. */
  static async start(seed?: string): Promise<Server> {
    const server = new Server(await mkdtemp(path.join(tmpdir(), "yingda-e2e-")));
    if (seed) {
      await cp(seed, server.data, { recursive: true, filter: (source) => !source.endsWith(".sock") });
      await server.#adopt();
    }
    await server.run();
    return server;
  }

  /** One that others have started, at this address and on this folder. It cannot be stopped. */
  static join(url: string, data: string): Server {
    const server = new Server(data);
    server.#address = new URL(url).host;
    return server;
  }

  get url(): string {
    return `http://${this.#address}`;
  }
  get port(): number {
    return Number(this.#address.split(":")[1]);
  }
  /** What it wrote to stderr. */
  get log(): string {
    return this.#log;
  }

  /** Makes the copy a record of its own: otherwise it would be taken for an older record that was restored, and its panel would be rebuilt. */
  async #adopt(): Promise<void> {
    const mark = path.join(this.data, "yingda.mark");
    const noted = JSON.parse(await readFile(mark, "utf8")) as object;
    const identity = async (file: string): Promise<object> => {
      const { dev, ino, birthtimeMs } = await stat(file, { bigint: true });
      return { device: Number(dev), inode: Number(ino), born_ms: Number(birthtimeMs) };
    };
    await writeFile(
      mark,
      JSON.stringify({
        ...noted,
        record: await identity(path.join(this.data, "yingda.db")),
        mark: await identity(mark),
      }),
    );
  }

  /** Runs on the same folder and, after the first time, on the same port. */
  async run(): Promise<void> {
    const child = spawn(program, ["serve", "--data", this.data, "--listen", this.#address, "--demo"], {
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`${program} ended (${String(code ?? signal)}) before it was ready:\n${this.#log}`);
    });
    const ready = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line.startsWith("ready http://")) resolve(line.slice("ready http://".length));
      });
    });
    ended.catch(() => undefined);
    this.#address = await Promise.race([ready, ended]);
  }

  /** Sends SIGKILL: nothing is flushed, and no connection is closed properly. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async halt(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Adds a member from the terminal; returns the link. */
  async addStaff(role: Role, name: string, email: string): Promise<string> {
    const { stdout } = await promisify(execFile)(
      program,
      ["admin", "add-staff", "--data", this.data, "--role", role, "--name", name, "--email", email],
      { env: environment() },
    );
    const link = /http:\/\/\S+/.exec(stdout)?.[0];
    if (!link) throw new Error(`no link in: ${stdout}`);
    return link;
  }

  /** The members of the operator, which is at the root, or of the shop, with their links from the first start, at this server's address. */
  async members(company: "operator" | "shop" = "operator"): Promise<Member[]> {
    const text = await readFile(path.join(this.data, "first-sign-in.txt"), "utf8");
    return text
      .split("\n")
      .filter((line) => line.includes("/welcome#") && line.includes("/o/") === (company === "shop"))
      .map((line) => {
        const [role, name, link] = line.trim().split(/\s+/) as [Role, string, string];
        return { role, name, link: link.replace(/^http:\/\/[^/]+/, this.url) };
      });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}

export const password = "correct horse battery";

/** The folder of a stopped server with the demo in it and everyone signed in once. Stories start on copies, which is fast and always the same. */
export interface Seed {
  data: string;
  members: (Member & { cookie: string })[];
}

export async function makeSeed(): Promise<{ seed: Seed; remove(): Promise<void> }> {
  const server = await Server.start();
  const members = await signInEveryone(server);
  await server.halt();
  return { seed: { data: server.data, members }, remove: () => server.stop() };
}

/** Everyone on the demo's staff, signed in with the links from the first start. */
export async function signInEveryone(server: Server): Promise<Seed["members"]> {
  return await Promise.all(
    (await server.members()).map(async (member) => {
      const answer = await patiently(`${server.url}/api/v1/auth/links/redeem`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: server.url },
        body: JSON.stringify({ token: member.link.split("#")[1], password }),
      });
      const cookie = /^__Host-yingda=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
      if (!cookie) throw new Error(`${member.name} could not sign in: ${String(answer.status)} ${await answer.text()}`);
      return { ...member, cookie };
    }),
  );
}
