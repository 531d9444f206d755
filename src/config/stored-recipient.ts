// Recipients of alerts as the database holds them: rules in the clear, addresses and secrets of their channels sealed.
import type { Destination, SendingDestination } from "../domain/destinations/destination.ts";
import type { StoredRecipient } from "../ledger/alerts/recipients.ts";
import { recipientKinds, rulesOfRecipient } from "./alert-recipients.ts";
import type { RecipientKind, RecipientSettings } from "./alert-recipients.ts";
import type { RecipientRules } from "../domain/alerts/notices.ts";
import { declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Entry } from "./fields/field.ts";
import {
  entryOfSettings,
  openSettings,
  readSettings,
  sealedSettings,
  storedSettings,
} from "./fields/settings.ts";
import type { Settings } from "./fields/settings.ts";
import { opened, sealed } from "./stored-configuration.ts";
import type { SecretBox } from "./stored-configuration.ts";

export interface Recipient {
  readonly name: string;
  readonly kind: RecipientKind;
  readonly settings: Settings & RecipientSettings;
}

/** Of an entry that was checked. */
export function readRecipient(name: string, entry: Entry, kinds: DeclaredKinds): Recipient {
  const kind = declaredOf(recipientKinds(kinds), entry["kind"]);
  if (kind === undefined) throw new Error("a recipient was read before it was checked");
  return { name, kind, settings: readSettings(kind.fields, entry) as Recipient["settings"] };
}

export function storedRecipient({ name, kind, settings }: Recipient, box: SecretBox): StoredRecipient {
  const secrets = sealedSettings(kind.fields, settings);
  const { secrets: ciphertext, secretsMark } = sealed(
    `alert-recipient:${name}`,
    secrets === null ? null : JSON.stringify(secrets),
    box,
  );
  return {
    name,
    kind: kind.kind,
    settings: openSettings(kind.fields, settings),
    secrets: ciphertext,
    secretsMark,
  };
}

/** null: of a kind that a newer program brought. Throws when a secret cannot be decrypted. */
export function recipientOf(stored: StoredRecipient, box: SecretBox, kinds: DeclaredKinds): Recipient | null {
  const { name, settings } = stored;
  const kind = declaredOf(recipientKinds(kinds), stored.kind);
  if (kind === undefined) return null;
  const secrets = JSON.parse(opened(`alert-recipient:${name}`, stored, box) ?? "{}") as Settings;
  return { name, kind, settings: storedSettings(kind.fields, settings, secrets) as Recipient["settings"] };
}

/** What of stored settings decides who is told; null: of a kind that a newer program brought. */
export function storedRules(
  { name, kind, settings }: StoredRecipient,
  state: { readonly isConfirmed: boolean; readonly isFailing: boolean },
  kinds: DeclaredKinds,
): RecipientRules | null {
  const declared = declaredOf(recipientKinds(kinds), kind);
  if (declared === undefined) return null;
  const open = storedSettings(declared.fields, settings, {}) as unknown as RecipientSettings;
  return rulesOfRecipient(name, open, state);
}

/** As something that is sent to: everything that says nothing about alerts as it is from the start. */
export function channelOf({ name, kind, settings }: Recipient, kinds: DeclaredKinds): SendingDestination {
  const declared = declaredOf(kinds.destinations, kind.kind);
  if (declared === undefined) throw new Error(`no destinations of kind ${kind.kind} are known here`);
  const entry = entryOfSettings(kind.fields, settings);
  const destination: Destination = {
    paused: false,
    ...readSettings(declared.fields, entry),
    name,
    kind: kind.kind,
  };
  // Only kinds that send can tell people something.
  return destination as SendingDestination;
}

/** What its address is, as far as that may change without anybody's confirming again. */
export function addressMark({ kind, settings, secretsMark }: StoredRecipient, kinds: DeclaredKinds): string {
  const declared = declaredOf(recipientKinds(kinds), kind);
  const own = (declared?.tells.fields ?? []).map((key): [string, unknown] => [key, settings[key]]);
  return JSON.stringify([kind, secretsMark, own]);
}
