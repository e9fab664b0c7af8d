import { readFileSync } from "node:fs";
import { expect, test as base } from "../support/test";
import { Server, signInEveryone, type Seed } from "../support/server";

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these stories with make analytics-stories`);
  return value;
}

const pid = (name: string): number => Number(readFileSync(given(name), "utf8"));

/** The processes behind the program that `scripts/analytics-cluster.sh` has started. */
export class Cluster {
  /** Kafka answers nothing until it is woken. */
  freezeBroker(): void {
    process.kill(pid("CLUSTER_BROKER"), "SIGSTOP");
  }
  wakeBroker(): void {
    process.kill(pid("CLUSTER_BROKER"), "SIGCONT");
  }
  /** Another one is started by the script. */
  killTaskManager(): void {
    process.kill(pid("CLUSTER_TASK_MANAGER"), "SIGKILL");
  }
}

/** Stories on the program whose numbers Flink computes. */
export const test = base.extend<{ cluster: Cluster }, { joined: Server; seed: Seed }>({
  joined: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs here
    async ({}, use) => use(Server.join(given("CLUSTER_URL"), given("CLUSTER_DATA"))),
    { scope: "worker" },
  ],
  seed: [
    async ({ joined }, use) => use({ data: joined.data, members: await signInEveryone(joined) }),
    { scope: "worker" },
  ],
  server: async ({ joined }, use) => use(joined),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  cluster: async ({}, use) => {
    const cluster = new Cluster();
    await use(cluster);
    cluster.wakeBroker();
  },
});

export { expect };
