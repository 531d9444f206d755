// A source of which nothing is asked: whoever knows its address may post.
import { authenticated, sourceKind } from "../source-kind.ts";
import { noneSetUp } from "./set-up.ts";

export const none = sourceKind({
  kind: "none",
  setUp: noneSetUp,
  label: { en: "None", de: "Keine" },
  help: {
    en: "Whoever knows the address can send leads. Only where the sender can do nothing else.",
    de: "Wer die Adresse kennt, kann Leads senden. Nur, wo der Absender nichts anderes kann.",
  },
  place: "auth",
  fields: {},
  check: ({ name, note }) => note("warnings", [], { code: "auth_none", params: { source: name } }),
  example: "auth: { kind: none }",
  proof: "nothing",
  signsBody: false,
  authenticate: () => authenticated,
});
