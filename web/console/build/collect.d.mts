import type { Plugin } from "vite";
import type { FeaturePage } from "../src/lib/features";

export declare function collect(): Promise<void>;
export declare function inOrder<P extends Pick<FeaturePage, "id" | "area" | "after" | "group">>(
  pages: readonly P[],
): P[];
export declare const collected: () => Plugin;
