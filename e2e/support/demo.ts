import type { Words } from "./words";

/** What the stories know about the demo operator. */
export const demo = (t: Words) => ({
  product: { id: "g-001", name: t.pick("澈岚 X9 Pro", "Trelan X9 Pro") },
  /** answered from the product's attributes */
  attribute: { question: t.pick("这台有多少存储？", "How much storage does it have?"), answer: /512/ },
  /** answered from the knowledge */
  known: {
    question: t.pick("充值扣款成功了，话费为什么还没到账？", "I paid for a top-up but the money has not arrived"),
  },
  /** a question the operator cannot know the answer to */
  unknown: t.pick("蒙古的首都是哪里？", "What is the capital of Mongolia?"),
  greeting: t.pick("我是小临", "I am Lin"),
});
