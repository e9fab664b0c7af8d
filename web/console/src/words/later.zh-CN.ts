/** The texts of the pages that few members open, which lie in their folders, loaded with the first of them. */
export default import.meta.glob<Record<string, string>>("../*/*.zh-CN.json", { eager: true, import: "default" });
