// Texts about what is wrong in a `map`, a source's or a destination's, and in a destination's `when`.
import type { ProblemTexts } from "./problem.ts";
import { didYouMean, listed, meintenSie, shortened, shownInEnglish, shownInGerman } from "./problem-words.ts";

export type MapCode =
  | "condition_choice"
  | "condition_invalid"
  | "condition_operator"
  | "condition_too_large"
  | "condition_value_invalid"
  | "expression_beside_map"
  | "expression_invalid"
  | "expression_too_long"
  | "map_empty"
  | "map_number_inexact"
  | "map_pointer_unknown"
  | "map_rule_invalid"
  | "map_rule_origin"
  | "map_table_invalid"
  | "map_target_conflict"
  | "map_target_invalid"
  | "map_too_large"
  | "pattern_invalid"
  | "pattern_refers_back"
  | "pattern_too_large";

export const mapTexts: ProblemTexts<MapCode> = {
  condition_choice: {
    en: ({ allowed }) => `Exactly one of these begins a part of \`when\`: ${allowed.join(", ")}.`,
    de: ({ allowed }) => `Genau eines davon beginnt einen Teil von \`when\`: ${allowed.join(", ")}.`,
  },
  condition_invalid: {
    en: () =>
      "A part of `when` is a mapping such as `{ pointer: /lead/country, equals: DE }` or `{ any: [ … ] }`.",
    de: () =>
      "Ein Teil von `when` ist eine Zuordnung wie `{ pointer: /lead/country, equals: DE }` oder `{ any: [ … ] }`.",
  },
  condition_operator: {
    en: ({ allowed }) => `Beside \`pointer\` stands exactly one of these: ${allowed.join(", ")}.`,
    de: ({ allowed }) => `Neben \`pointer\` steht genau eines davon: ${allowed.join(", ")}.`,
  },
  condition_too_large: {
    en: ({ depthMax, predicatesMax }) =>
      `\`when\` may be ${depthMax} levels deep and have ${predicatesMax} comparisons. For many values of one field use \`in\`.`,
    de: ({ depthMax, predicatesMax }) =>
      `\`when\` darf ${depthMax} Ebenen tief sein und ${predicatesMax} Vergleiche haben. Für viele Werte eines Felds gibt es \`in\`.`,
  },
  condition_value_invalid: {
    en: () =>
      "Fields are compared with a text, a number, or true or false. For an empty field there is `missing: true`.",
    de: () =>
      "Verglichen wird mit einem Text, einer Zahl oder true oder false. Für ein leeres Feld gibt es `missing: true`.",
  },
  expression_beside_map: {
    en: () => "What is sent is said by `map` or by `expression`, not by both.",
    de: () => "Was gesendet wird, sagt entweder `map` oder `expression`, nicht beides.",
  },
  expression_invalid: {
    en: ({ reason }) => `This is no JSONata expression: ${reason}`,
    de: ({ reason }) => `Das ist kein JSONata-Ausdruck: ${reason}`,
  },
  expression_too_long: {
    en: ({ charactersMax }) => `An expression has ${charactersMax} characters at most.`,
    de: ({ charactersMax }) => `Ein Ausdruck hat höchstens ${charactersMax} Zeichen.`,
  },
  map_empty: {
    en: () =>
      "This `map` names no target, so that nothing of a lead would be sent. Without `map` all of it is.",
    de: () =>
      "Dieses `map` nennt kein Zielfeld, so würde vom Lead nichts gesendet. Ohne `map` wird er ganz gesendet.",
  },
  map_number_inexact: {
    en: () =>
      'This number has more digits than fit into one here. Write it as a text; in a `map` with its type: `{ constant: "12345678901234567890", type: number }`.',
    de: () =>
      'Diese Zahl hat mehr Stellen, als hier in eine passen. Schreiben Sie sie als Text, in einem `map` mit dem Typ dabei: `{ constant: "12345678901234567890", type: number }`.',
  },
  map_pointer_unknown: {
    en: ({ found, suggestion, known }) =>
      `No delivery has anything at ${shownInEnglish(found)}.${didYouMean(suggestion)} There are: ${listed(known, "")}. What the sender sent stands below /data.`,
    de: ({ found, suggestion, known }) =>
      `In einer Zustellung steht unter ${shownInGerman(found)} nie etwas.${meintenSie(suggestion)} Es gibt: ${listed(known, "")}. Was der Absender gesendet hat, steht unter /data.`,
  },
  map_rule_invalid: {
    en: () =>
      "A rule of `map` is a JSON pointer (`/contact/email`), a list of rules of which the first that gives something counts, or a mapping such as `{ pointer: /tel, format: e164 }`.",
    de: () =>
      "Eine Regel von `map` ist ein JSON-Pointer (`/kontakt/email`), eine Liste von Regeln, von denen die erste mit Inhalt zählt, oder eine Zuordnung wie `{ pointer: /tel, format: e164 }`.",
  },
  map_rule_origin: {
    en: ({ allowed }) => `Exactly one of these says where the value comes from: ${allowed.join(", ")}.`,
    de: ({ allowed }) => `Genau eines davon sagt, woher der Wert kommt: ${allowed.join(", ")}.`,
  },
  map_table_invalid: {
    en: () => 'A table says what becomes of which text, for example `table: { "1": Herr, "2": Frau }`.',
    de: () => 'Eine Tabelle sagt, was aus welchem Text wird, zum Beispiel `table: { "1": Herr, "2": Frau }`.',
  },
  map_target_conflict: {
    en: ({ target, other }) =>
      `"${shortened(target)}" and "${shortened(other)}" cannot both be filled: they are the same place, or one lies in the other.`,
    de: ({ target, other }) =>
      `„${shortened(target)}“ und „${shortened(other)}“ lassen sich nicht beide füllen: Sie sind derselbe Ort, oder einer liegt im anderen.`,
  },
  map_target_invalid: {
    en: ({ target }) =>
      `"${shortened(target)}" is no target. It names members with points between them (\`properties.email\`), or as a JSON pointer (\`/properties/email\`), at most 10 levels deep.`,
    de: ({ target }) =>
      `„${shortened(target)}“ ist kein Zielfeld. Es nennt Felder mit Punkten dazwischen (\`properties.email\`) oder als JSON-Pointer (\`/properties/email\`), höchstens 10 Ebenen tief.`,
  },
  map_too_large: {
    en: ({ targetsMax }) => `A \`map\` may have ${targetsMax} targets.`,
    de: ({ targetsMax }) => `Ein \`map\` darf ${targetsMax} Zielfelder haben.`,
  },
  pattern_invalid: {
    en: ({ pattern }) =>
      `"${shortened(pattern)}" is no regular expression. Example: \`matches: "@example\\\\.com$"\``,
    de: ({ pattern }) =>
      `„${shortened(pattern)}“ ist kein regulärer Ausdruck. Beispiel: \`matches: "@example\\\\.com$"\``,
  },
  pattern_refers_back: {
    en: ({ pattern }) =>
      `"${shortened(pattern)}" refers back to a group (\\1). Such patterns can take for ever and are not run.`,
    de: ({ pattern }) =>
      `„${shortened(pattern)}“ verweist auf eine Gruppe zurück (\\1). Solche Muster können ewig laufen und werden nicht ausgeführt.`,
  },
  pattern_too_large: {
    en: ({ pattern }) =>
      `"${shortened(pattern)}" is too large: repeats such as {1,1000} are written out. Use * or +, or \`in\` for a list of values.`,
    de: ({ pattern }) =>
      `„${shortened(pattern)}“ ist zu groß: Wiederholungen wie {1,1000} werden ausgeschrieben. Nehmen Sie * oder +, oder \`in\` für eine Liste von Werten.`,
  },
};
