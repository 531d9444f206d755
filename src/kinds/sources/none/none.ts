// A source of which nothing is asked: whoever knows its address may post.
import { authenticated } from "../source-kind.ts";
import type { SourceKind } from "../source-kind.ts";

export const none: SourceKind = {
  name: "none",
  signsBody: false,
  authenticate: () => authenticated,
};
