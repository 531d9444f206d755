// Texts about the file itself: whether it can be read, its YAML, and the environment.
import type { ProblemCode, ProblemTexts } from "./problem.ts";
import { formatSize } from "../domain/values/duration.ts";
import { didYouMean, listed, meintenSie, shortened } from "./problem-words.ts";

export type FileCode = Extract<
  ProblemCode,
  `file_${string}` | `yaml_${string}` | `variable_${string}` | `env_${string}`
>;

export const fileTexts: ProblemTexts<FileCode> = {
  file_missing: {
    en: () => "There is no such file. Create it, or name another one in LEADLEDGER_CONFIG.",
    de: () =>
      "Diese Datei gibt es nicht. Legen Sie sie an, oder nennen Sie in LEADLEDGER_CONFIG eine andere.",
  },
  file_unreadable: {
    en: ({ reason }) =>
      `The file cannot be read (${reason}). Check that the user running LeadLedger may read it.`,
    de: ({ reason }) =>
      `Die Datei lässt sich nicht lesen (${reason}). Prüfen Sie, ob der Benutzer, unter dem LeadLedger läuft, sie lesen darf.`,
  },
  file_too_large: {
    en: ({ limitBytes }) =>
      `The file is larger than ${formatSize(limitBytes)}, which no configuration should need. Is it the right file?`,
    de: ({ limitBytes }) =>
      `Die Datei ist größer als ${formatSize(limitBytes)}; so groß sollte keine Konfiguration sein. Ist es die richtige Datei?`,
  },
  file_not_utf8: {
    en: () => "The file is not UTF-8 text. Save it with the encoding UTF-8.",
    de: () => "Die Datei ist kein UTF-8-Text. Speichern Sie sie in der Kodierung UTF-8.",
  },
  yaml_alias: {
    en: () => "References (`*name`) are not supported here. Write the value out.",
    de: () => "Verweise (`*name`) werden hier nicht unterstützt. Schreiben Sie den Wert aus.",
  },
  yaml_character: {
    en: () =>
      "There is a character here that text does not use (U+FDD0, U+FDD1 or a control character). Remove it.",
    de: () =>
      "Hier steht ein Zeichen, das in Text nicht vorkommt (U+FDD0, U+FDD1 oder ein Steuerzeichen). Entfernen Sie es.",
  },
  yaml_duplicate_key: {
    en: ({ key, firstLine }) =>
      `"${shortened(key)}" is already given in line ${firstLine}. Keep one of the two.`,
    de: ({ key, firstLine }) =>
      `„${shortened(key)}“ steht schon in Zeile ${firstLine}. Behalten Sie einen der beiden Einträge.`,
  },
  yaml_escape: {
    en: () =>
      "This escape sequence does not exist. In \"…\" a backslash is written \\\\; in '…' it is an ordinary character.",
    de: () =>
      "Diese Escape-Sequenz gibt es nicht. In \"…\" schreibt man einen Backslash als \\\\; in '…' ist er ein gewöhnliches Zeichen.",
  },
  yaml_indentation: {
    en: () =>
      "The indentation does not fit, or a bracket opened before is not closed. Entries of one level start in the same column.",
    de: () =>
      "Die Einrückung passt nicht, oder eine vorher geöffnete Klammer ist nicht geschlossen. Einträge einer Ebene beginnen in derselben Spalte.",
  },
  yaml_key_not_text: {
    en: () => "The key before the colon must be a simple name, for example `website:`.",
    de: () => "Vor dem Doppelpunkt muss ein einfacher Name stehen, zum Beispiel `website:`.",
  },
  yaml_missing: {
    en: () =>
      'Something is missing here: a colon after a key, a closing quote or bracket, or a comma. Example: key: "value"',
    de: () =>
      'Hier fehlt etwas: ein Doppelpunkt nach dem Namen, ein schließendes Anführungszeichen, eine Klammer oder ein Komma. Beispiel: name: "wert"',
  },
  yaml_nested_colon: {
    en: () =>
      'A second `: ` in one line, or a line indented too far. Put a value that contains `: ` in quotes: key: "a: b"',
    de: () =>
      'Ein zweites `: ` in einer Zeile, oder eine zu weit eingerückte Zeile. Setzen Sie einen Wert, der `: ` enthält, in Anführungszeichen: schlüssel: "a: b"',
  },
  yaml_reserved_character: {
    en: ({ character }) => `A value cannot start with ${character} unless it is in quotes: "${character}…"`,
    de: ({ character }) =>
      `Ein Wert darf nur in Anführungszeichen mit ${character} beginnen: "${character}…"`,
  },
  yaml_several_documents: {
    en: () => "A second document begins here (`---`). The configuration is one document.",
    de: () => "Hier beginnt ein zweites Dokument (`---`). Die Konfiguration ist ein einziges Dokument.",
  },
  yaml_tab: {
    en: () => "A tab stands in the indentation. YAML is indented with spaces only.",
    de: () => "In der Einrückung steht ein Tabulator. YAML wird nur mit Leerzeichen eingerückt.",
  },
  yaml_tag: {
    en: () => "Type tags (`!name`) are not supported here. Write the value without one.",
    de: () => "Typangaben (`!name`) werden hier nicht unterstützt. Schreiben Sie den Wert ohne sie.",
  },
  yaml_too_deep: {
    en: () => "The file is nested far too deeply. Are there brackets that are never closed?",
    de: () => "Die Datei ist viel zu tief verschachtelt. Gibt es Klammern, die nie geschlossen werden?",
  },
  yaml_unexpected: {
    en: () => "This does not fit here: expected `key: value` with the indentation of the entries around it.",
    de: () =>
      "Das passt hier nicht: erwartet wird `schlüssel: wert` mit der Einrückung der Einträge ringsum.",
  },
  yaml_version: {
    en: () =>
      "The file asks for another YAML version. Remove the line that starts with `%YAML`: 1.2 is used.",
    de: () =>
      "Die Datei verlangt eine andere YAML-Version. Entfernen Sie die Zeile mit `%YAML`: es gilt 1.2.",
  },
  variable_empty: {
    en: ({ variable }) => `The environment variable ${variable} is set, but empty. Give it a value.`,
    de: ({ variable }) =>
      `Die Umgebungsvariable ${variable} ist gesetzt, aber leer. Geben Sie ihr einen Wert.`,
  },
  variable_malformed: {
    en: () =>
      "After `${` the name of an environment variable and `}` are expected, for example ${CRM_SECRET}. For a literal `${` write `$${`.",
    de: () =>
      "Nach `${` werden der Name einer Umgebungsvariablen und `}` erwartet, zum Beispiel ${CRM_SECRET}. Für ein wörtliches `${` schreiben Sie `$${`.",
  },
  variable_missing: {
    en: ({ variable }) =>
      `The environment variable ${variable} is not set. Set it before the start: ${variable}=… leadledger serve`,
    de: ({ variable }) =>
      `Die Umgebungsvariable ${variable} ist nicht gesetzt. Setzen Sie sie vor dem Start: ${variable}=… leadledger serve`,
  },
  env_admin_key: {
    en: ({ charactersMin }) =>
      `LEADLEDGER_ADMIN_KEY must have at least ${charactersMin} characters, only letters, digits and punctuation. Make one: openssl rand -hex 32`,
    de: ({ charactersMin }) =>
      `LEADLEDGER_ADMIN_KEY braucht mindestens ${charactersMin} Zeichen, nur Buchstaben ohne Umlaute, Ziffern und Satzzeichen. So entsteht einer: openssl rand -hex 32`,
  },
  env_database_url: {
    en: () =>
      "DATABASE_URL must be a PostgreSQL address, for example postgresql://leadledger:…@db.example:5432/leadledger",
    de: () =>
      "DATABASE_URL muss die Adresse eines PostgreSQL-Servers sein, zum Beispiel postgresql://leadledger:…@db.example:5432/leadledger",
  },
  env_empty: {
    en: ({ variable }) =>
      `${variable} is set, but empty. Give it a value, or remove it altogether (unset ${variable}).`,
    de: ({ variable }) =>
      `${variable} ist gesetzt, aber leer. Geben Sie ihr einen Wert, oder entfernen Sie sie ganz (unset ${variable}).`,
  },
  env_host: {
    en: () => "HOST must be an IP address or a host name to listen on, without a port, for example 127.0.0.1",
    de: () => "HOST muss eine IP-Adresse oder ein Rechnername sein, ohne Port, zum Beispiel 127.0.0.1",
  },
  env_key: {
    en: () => "LEADLEDGER_KEY must be 64 hexadecimal digits (32 bytes). Make one: openssl rand -hex 32",
    de: () =>
      "LEADLEDGER_KEY muss aus 64 hexadezimalen Ziffern bestehen (32 Bytes). So entsteht einer: openssl rand -hex 32",
  },
  env_log_level: {
    en: ({ allowed, suggestion }) =>
      `LOG_LEVEL must be one of ${listed(allowed, "")}.${didYouMean(suggestion)}`,
    de: ({ allowed, suggestion }) =>
      `LOG_LEVEL muss eines von ${listed(allowed, "")} sein.${meintenSie(suggestion)}`,
  },
  env_port: {
    en: () => "PORT must be a whole number from 0 to 65535 (0 lets the system choose), for example 8080",
    de: () => "PORT muss eine ganze Zahl von 0 bis 65535 sein (0: das System wählt), zum Beispiel 8080",
  },
  env_tls_half: {
    en: ({ variable }) =>
      `${variable} is missing. TLS needs both files: LEADLEDGER_TLS_CERT (certificate) and LEADLEDGER_TLS_KEY (its key).`,
    de: ({ variable }) =>
      `${variable} fehlt. TLS braucht beide Dateien: LEADLEDGER_TLS_CERT (Zertifikat) und LEADLEDGER_TLS_KEY (sein privater Schlüssel).`,
  },
};
