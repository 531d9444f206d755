// The pages of docs/ that list kinds of source and of destination with their fields, made from what they declare:
// test/unit/docs/*-kinds.test.ts hold the files against it, and
// `npx vitest run --project unit test/unit/docs/destination-kinds.test.ts -u` (or source-kinds) writes them anew.
import { declaredOf } from "../../src/config/declared-kind.ts";
import type { DeclaredDestination, DeclaredKinds, DeclaredSource } from "../../src/config/declared-kind.ts";
import { destinationFormOf, sourceFields } from "../../src/config/form-fields.ts";
import type { FormField, FormOption } from "../../src/config/form-fields.ts";
import type { Language } from "../../src/domain/errors/error-catalogue-entry.ts";

export function destinationKindsPage(kinds: readonly DeclaredDestination[], language: Language): string {
  return `${heads[language]}\n${kinds.map((kind) => section(kind, language)).join("\n")}`;
}

export function sourceKindsPage(kinds: DeclaredKinds, language: Language): string {
  const [choice] = sourceFields(language, kinds).filter(({ name }) => name === "auth.kind");
  const sections = (choice?.options ?? []).map((option) => sourceSection(option, kinds, language));
  return `${sourceHeads[language]}\n${sections.join("\n")}`;
}

function sourceSection(
  { value, label, help, fields }: FormOption,
  kinds: DeclaredKinds,
  language: Language,
): string {
  const declared = declaredOf(kinds.sources, value);
  const example = `\`${declared?.example ?? ""}\``;
  const { success, facts = [] } = declared ?? {};
  const answer = success === undefined ? [] : [answers[language](success)];
  const about = [...answer, ...facts.map((fact) => fact[language])].join(" ");
  const table = fields.length === 0 ? [] : [tableOf(fields, language)];
  return `## ${label}\n\n${[help, ...(about === "" ? [] : [about]), example, ...table].join("\n\n")}\n`;
}

const answers: Readonly<Record<Language, (success: NonNullable<DeclaredSource["success"]>) => string>> = {
  en: ({ status, body }) =>
    `Answer: \`${status}\`${body === null ? "" : ` with \`${body}\``} for whatever was taken, is a repeat, or is kept as unreadable.`,
  de: ({ status, body }) =>
    `Antwort: \`${status}\`${body === null ? "" : ` mit \`${body}\``} für alles, was angenommen wurde, sich wiederholt oder als unlesbar aufbewahrt ist.`,
};

function section(declared: DeclaredDestination, language: Language): string {
  const { kind, label, help, test_leaves: leaves, fields } = destinationFormOf(declared, language);
  const own = fields.filter(({ name }) => name !== "name").map(withWords);
  const ways = own.flatMap((field) => waysOf(field, language));
  return `## ${label} (\`kind: ${kind}\`)\n\n${[help, leaves, tableOf(own, language), ...ways].join("\n\n")}\n`;
}

/** What a choice is among stands in its help. */
function withWords(field: FormField): FormField {
  const words = field.options.map(({ value, label }) => `\`${value}\` ${label}`);
  return words.length === 0 ? field : { ...field, help: `${field.help} ${words.join(", ")}.` };
}

/** One table for each way that brings fields. */
function waysOf({ name, options }: FormField, language: Language): readonly string[] {
  return options
    .filter(({ fields }) => fields.length > 0)
    .map(
      ({ value, label, help, fields }) =>
        `### ${label} (\`${name}: ${value}\`)\n\n${help}\n\n${tableOf(fields.map(withWords), language)}`,
    );
}

function tableOf(fields: readonly FormField[], language: Language): string {
  const rows = fields.map((field) => rowOf(field, language));
  return [columns[language], columns[language].map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

function rowOf(field: FormField, language: Language): readonly string[] {
  const { name, label, help, write_only: isHidden, example } = field;
  const kept = isHidden ? ` ${hidden[language]}` : "";
  return [
    `\`${name}\``,
    `**${label}.** ${help}${kept}`,
    defaultOf(field, language),
    example === null ? "" : `\`${example}\``,
  ];
}

function defaultOf({ required, default: preset }: FormField, language: Language): string {
  if (required) return words[language].required;
  if (preset === null) return words[language].none;
  if (Array.isArray(preset)) return `\`[${preset.join(", ")}]\``;
  return `\`${typeof preset === "object" ? JSON.stringify(preset) : String(preset)}\``;
}

const columns: Readonly<Record<Language, readonly string[]>> = {
  en: ["Key", "Meaning", "Default", "Example"],
  de: ["Angabe", "Bedeutung", "Voreinstellung", "Beispiel"],
};

const words: Readonly<Record<Language, { readonly required: string; readonly none: string }>> = {
  en: { required: "required", none: "none" },
  de: { required: "muss sein", none: "keine" },
};

const hidden: Readonly<Record<Language, string>> = {
  en: "Stored encrypted; the value is not shown again.",
  de: "Wird verschlüsselt gespeichert; der Wert wird nicht wieder gezeigt.",
};

const heads: Readonly<Record<Language, string>> = {
  en: `# Kinds of destination

What a destination can be, and what is to say about it: in \`leadledger.yaml\`, over the [API](api.md), in the [dashboard](dashboard.md) and, as options, on the [command line](command-line.md) (\`leadledger destination add --help\`). How the file is written, and what durations look like, stands under [Configuration](configuration.md).

The program makes this page from what the kinds declare; do not edit it by hand.
`,
  de: `# Arten von Zielen

Was ein Ziel sein kann und was dazu anzugeben ist: in \`leadledger.yaml\`, über die [API](api.md), in der [Oberfläche](dashboard.md) und, als Optionen, auf der [Kommandozeile](command-line.md) (\`leadledger destination add --help\`). Wie die Datei geschrieben wird und wie Zeitangaben aussehen, steht unter [Konfiguration](configuration.md).

Das Programm erzeugt diese Seite aus dem, was die Arten angeben; bitte nicht von Hand ändern.
`,
};

const sourceHeads: Readonly<Record<Language, string>> = {
  en: `# Kinds of source

How a sender can prove that it may send leads, and what is to say about it: in \`leadledger.yaml\`, over the [API](api.md), in the [dashboard](dashboard.md) and, as options, on the [command line](command-line.md) (\`leadledger source add --help\`). What else a source can say, whatever its kind is, stands under [Configuration](configuration.md); how a sender does it, under [Sending leads](webhooks.md); how many requests of each kind a core takes, under [Speed](source-speed.md).

The program makes this page from what the kinds declare; do not edit it by hand.
`,
  de: `# Arten von Quellen

Wie ein Absender nachweisen kann, dass er Leads einliefern darf, und was dazu anzugeben ist: in \`leadledger.yaml\`, über die [API](api.md), in der [Oberfläche](dashboard.md) und, als Optionen, auf der [Kommandozeile](command-line.md) (\`leadledger source add --help\`). Was eine Quelle sonst angeben kann, gleich welcher Art sie ist, steht unter [Konfiguration](configuration.md); wie ein Absender es macht, unter [Leads senden](webhooks.md); wie viele Anfragen jeder Art ein Kern annimmt, unter [Geschwindigkeit](source-speed.md).

Das Programm erzeugt diese Seite aus dem, was die Arten angeben; bitte nicht von Hand ändern.
`,
};
