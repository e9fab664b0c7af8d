import { test as base, expect } from "@playwright/test";
import { People } from "./people";
import { makeSeed, Server, type Seed } from "./server";
import { Words, type Lang } from "./words";

export interface Options {
  lang: Lang;
}
interface Fixtures {
  /** the words of the pages in the story's language */
  t: Words;
  /** a server of the story's own, but for stories that only look */
  server: Server;
  people: People;
}

interface WorkerFixtures {
  /** the demo's record, on copies of which stories start */
  seed: Seed;
  /** one server for all stories that only look */
  standing: Server;
}

export const test = base.extend<Fixtures & Options, WorkerFixtures>({
  lang: ["zh-CN", { option: true }],
  t: async ({ lang }, use) => use(new Words(lang)),
  seed: [
    async ({}, use) => {
      const { seed, remove } = await makeSeed();
      await use(seed);
      await remove();
    },
    { scope: "worker" },
  ],
  standing: [
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
    if (info.status !== info.expectedStatus) await info.attach("server", { body: server.log, contentType: "text/plain" });
    await server.stop();
  },
  people: async ({ browser, server, seed, t }, use) => {
    const people = new People(browser, server, seed, t);
    await use(people);
    await people.leave();
    expect(people.problems, "nothing went wrong in any page").toEqual([]);
  },
});

/** A story that changes nothing, so that one server serves many of them. */
export const looking = test.extend({ server: async ({ standing }, use) => use(standing) });

export { expect };
