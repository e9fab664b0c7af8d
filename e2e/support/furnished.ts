import { furnish, type FurnishedSeed } from "./furnish";
import { Server } from "./server";
import { expect, test as base } from "./test";

/** A story on a furnished installation of its own: every page has something to show, and what it shows is hostile. */
export const test = base.extend<object, { furnished: FurnishedSeed }>({
  furnished: [
    async ({ seed }, use) => {
      const { furnished, remove } = await furnish(seed);
      await use(furnished);
      await remove();
    },
    { scope: "worker" },
  ],
  server: async ({ furnished }, use) => {
    const server = await Server.start(furnished.seed.data);
    await use(server);
    await server.stop();
  },
});

export { expect };
