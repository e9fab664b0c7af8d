import { resolve } from "node:path";
import type { TestUserConfig } from "vitest/config";
import { slowness } from "./slowness.ts";

/**
 * What the tests of all packages have in common: the files of a package share their modules and their document, because setting those up for each file costs
 * more than its tests. The packages run one after the other, in the order of these numbers.
 */
export const shared = (name: string, order: number) =>
  ({
    name,
    isolate: false,
    // Pages are made of many short-lived objects.
    execArgv: ["--max-semi-space-size=64"],
    sequence: { groupOrder: order },
    setupFiles: [resolve(import.meta.dirname, "between-tests.ts")],
    testTimeout: 60_000 * slowness,
  }) satisfies TestUserConfig;
