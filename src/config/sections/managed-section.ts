// Sections read, changed and removed by API and command line, by the very rules of leadledger.yaml. What is in the file is
// the file's alone.
import { createHmac } from "node:crypto";
import type { Actor, Database, Queryable } from "../../ledger/connection/database.ts";
import type { ManagedBy } from "../../ledger/configuration/configuration.ts";
import { changeStoredSection, readStoredSection } from "../../ledger/configuration/sections.ts";
import type { ManagedSection, StoredSection } from "../../ledger/configuration/sections.ts";
import { checkSection } from "../check-part.ts";
import type { PartProblem } from "../check-part.ts";
import type { DeclaredKinds } from "../declared-kind.ts";
import type { Entry } from "../fields/field.ts";
import type { SecretBox } from "../stored-configuration.ts";
import type { DeclaredSection } from "./declared-section.ts";

export interface ReadSection {
  /** As leadledger.yaml would write it, with its secrets. */
  readonly entry: Entry;
  readonly managedBy: ManagedBy;
  readonly updatedAt: Date;
}

/** null: it is not configured. Throws where its secrets cannot be decrypted. */
export async function readSection(
  database: Queryable,
  box: SecretBox,
  section: DeclaredSection,
): Promise<ReadSection | null> {
  const stored = await readStoredSection(database, section.name);
  return stored === null ? null : opened(stored, box);
}

export type SectionRefusal =
  | { readonly kind: "managed_by_file" }
  | { readonly kind: "changed_meanwhile" }
  | { readonly kind: "invalid"; readonly problems: readonly PartProblem[] };

export interface SectionChange {
  readonly section: DeclaredSection;
  readonly actor: Actor;
  /** Whether it is still what the caller has seen; absent: that does not matter. */
  readonly isSeen?: (current: ReadSection | null) => boolean;
}

export interface SectionDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
}

/**
 * The entry that `entryOf` makes of the one there is takes its place; null: the section is removed. Returns why nothing was
 * changed; null: it is as it was wanted.
 */
export function changeSection(
  { database, secretBox, kinds }: SectionDeps,
  { section, actor, isSeen = () => true }: SectionChange,
  entryOf: (current: Entry | null) => Entry | null,
): Promise<SectionRefusal | null> {
  // The schema is compiled at the first check, which takes longer than a transaction may stand still.
  checkSection(section, {}, kinds);
  return changeStoredSection<SectionRefusal>(database, actor, section.name, (stored) => {
    const current = stored === null ? null : opened(stored, secretBox);
    if (current?.managedBy === "file") return { kind: "refuse", refusal: { kind: "managed_by_file" } };
    if (!isSeen(current)) return { kind: "refuse", refusal: { kind: "changed_meanwhile" } };
    const entry = entryOf(current?.entry ?? null);
    if (entry === null) return { kind: "remove" };
    const checked = checkSection(section, entry, kinds);
    if (!checked.ok) return { kind: "refuse", refusal: { kind: "invalid", problems: checked.problems } };
    return { kind: "write", section: toStoredSection(section, checked.part, secretBox) };
  });
}

/** `entry`: checked, short forms written out. */
export function toStoredSection(section: DeclaredSection, entry: Entry, box: SecretBox): StoredSection {
  const { name, sealedMembers } = section;
  const members = Object.entries(entry);
  const secrets = members.filter(([member]) => sealedMembers.includes(member));
  const open = Object.fromEntries(members.filter(([member]) => !sealedMembers.includes(member)));
  if (secrets.length === 0) return { name, settings: open, secrets: null, secretsMark: "" };
  const text = JSON.stringify(Object.fromEntries(secrets.sort(([a], [b]) => (a < b ? -1 : 1))));
  const mark = createHmac("sha256", box.key)
    .update(`mark:${placeOf(name)}:${text}`)
    .digest("hex");
  return { name, settings: open, secrets: box.encrypt(placeOf(name), text), secretsMark: mark.slice(0, 32) };
}

function opened(
  { name, settings, secrets, managedBy, updatedAt }: ManagedSection,
  box: SecretBox,
): ReadSection {
  const sealed = secrets === null ? {} : (JSON.parse(box.decrypt(placeOf(name), secrets)) as Entry);
  return { entry: { ...settings, ...sealed }, managedBy, updatedAt };
}

/** What binds a ciphertext to its place. */
function placeOf(name: string): string {
  return `section:${name}`;
}
