import { test as base, expect, type TestInfo } from "@playwright/test";
import { People } from "./people";
import { makeSeed, Server, type Seed } from "./server";
import { Words, type Lang } from "./words";

export interface Options {
  lang: Lang;
  /** whether the people in a story only look: any change they make is a problem, because other stories share the server */
  onlyLooks: boolean;
}
interface Fixtures {
  /** the texts of the pages in the story's language */
  t: Words;
  /** the story's own server, unless it is `readOnly` */
  server: Server;
  people: People;
}

interface WorkerFixtures {
  /** the demo's record; stories start on copies of it */
  seed: Seed;
  /** the server of all stories that are `readOnly` */
  sharedServer: Server;
}

export const test = base.extend<Fixtures & Options, WorkerFixtures>({
  lang: ["zh-CN", { option: true }],
  onlyLooks: [false, { option: true }],
  t: async ({ lang }, use) => use(new Words(lang)),
  seed: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs here
    async ({}, use) => {
      const { seed, remove } = await makeSeed();
      await use(seed);
      await remove();
    },
    { scope: "worker" },
  ],
  sharedServer: [
    async ({ seed }, use) => {
      const server = await Server.start(seed.data);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  server: async ({ seed }, use, info) => {
    const server = await Server.start(seed.data);
    await use(server);
    await tellOf(server, info);
    await server.stop();
  },
  people: async ({ browser, server, seed, t, onlyLooks }, use) => {
    const people = new People(browser, server, seed, t, onlyLooks);
    await use(people);
    await people.leave();
    expect(people.problems, "nothing went wrong in any page").toEqual([]);
  },
});

/** A story that changes nothing: all such stories of a worker share a server. */
export const readOnly = test.extend({
  onlyLooks: true,
  server: async ({ sharedServer }, use, info) => {
    await use(sharedServer);
    await tellOf(sharedServer, info);
  },
});

async function tellOf(server: Server, info: TestInfo): Promise<void> {
  if (info.status !== info.expectedStatus) await info.attach("server", { body: server.log, contentType: "text/plain" });
}

export { expect };
