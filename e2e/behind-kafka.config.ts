import base from "./playwright.config";

/** The stories in which Kafka and Flink compute the numbers: `make analytics-stories`. They share the processes, so they run one after the other. */
export default {
  ...base,
  testDir: "behind-kafka",
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // The sign-in links of the first start work once, and a new worker would need them again.
  maxFailures: 1,
  timeout: 2 * (base.timeout ?? 0),
  expect: { timeout: 180_000 },
};
