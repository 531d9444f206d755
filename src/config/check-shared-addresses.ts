// Checks what sources say that share an address: that it is there, and that of each lead it is clear whose it is.
import { claimOf, clashOf } from "../domain/sources/shared-address.ts";
import type { Claim } from "../domain/sources/shared-address.ts";
import { declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds, DeclaredSource } from "./declared-kind.ts";
import type { Entry } from "./fields/field.ts";
import type { Said } from "./problem.ts";

type Note = (list: "problems" | "warnings", place: readonly string[], said: Said) => void;

interface Sharer {
  readonly name: string;
  readonly entry: Entry;
  readonly declared: DeclaredSource;
  readonly marks: NonNullable<DeclaredSource["sharedBy"]>;
  readonly claim: Claim;
}

/** `note`: `place` begins with the name of the source. */
export function checkSharedAddresses(
  sources: ReadonlyMap<string, Entry>,
  kinds: DeclaredKinds,
  note: Note,
): void {
  const byAddress = new Map<string, Sharer[]>();
  for (const [name, entry] of sources) {
    const sharer = sharerOf(name, entry, kinds);
    if (sharer === null) continue;
    const { via } = entry;
    if (typeof via === "string") checkVia(sharer, via, sources, note);
    const address = `${sharer.declared.kind} ${typeof via === "string" ? via : name}`;
    const before = byAddress.get(address) ?? [];
    checkClaims(sharer, before, note);
    byAddress.set(address, [...before, sharer]);
  }
}

function sharerOf(name: string, entry: Entry, kinds: DeclaredKinds): Sharer | null {
  const declared = declaredOf(kinds.sources, entry["kind"]);
  if (declared?.sharedBy === undefined) return null;
  // The settings of these fields are what the entry says.
  const said = Object.fromEntries(declared.sharedBy.map(({ key, member }) => [key, entry[member]]));
  return { name, entry, declared, marks: declared.sharedBy, claim: claimOf(declared.sharedBy, said) };
}

/** A warning where there is none: it may be made elsewhere, or later. */
function checkVia(
  { name, declared }: Sharer,
  via: string,
  sources: ReadonlyMap<string, Entry>,
  note: Note,
): void {
  const other = sources.get(via);
  if (other?.["kind"] === declared.kind) return;
  note(other === undefined ? "warnings" : "problems", [name, "via"], {
    code: "text_unfit",
    params: {
      expected: {
        en: `the name of a source of the kind ${declared.kind}; over another address nothing arrives`,
        de: `der Name einer Quelle der Art ${declared.kind}; über eine andere Adresse kommt nichts an`,
      },
    },
  });
}

/** Of two with the same ids the second one is pointed at. */
function checkClaims({ name, entry, marks, claim }: Sharer, before: readonly Sharer[], note: Note): void {
  for (const other of before) {
    // What has the address and lists nothing takes nothing either.
    if ([entry, other.entry].some((each) => each["via"] === undefined && listsNothing(each, marks))) continue;
    const clash = clashOf(marks, claim, other.claim);
    if (clash === null) continue;
    if (clash === "rest") {
      note("problems", [name, "via"], {
        code: "text_unfit",
        params: { expected: restOf(other.name, marks) },
      });
      continue;
    }
    const { member } = clash.mark;
    const listed = entry[member] as readonly string[];
    note("problems", [name, member, String(listed.indexOf(clash.id))], {
      code: "text_unfit",
      params: {
        expected: {
          en: `an id that no other source at this address lists; ${other.name} has it`,
          de: `eine Kennung, die keine andere Quelle an dieser Adresse nennt; ${other.name} hat sie`,
        },
      },
    });
  }
}

function listsNothing(entry: Entry, marks: Sharer["marks"]): boolean {
  return marks.every(({ member }) => !Array.isArray(entry[member]) || entry[member].length === 0);
}

function restOf(other: string, marks: Sharer["marks"]): Readonly<Record<"en" | "de", string>> {
  const members = marks.map(({ member }) => `\`${member}\``);
  return {
    en: `at least one of ${members.join(", ")} beside it, because ${other} already takes what nobody lists`,
    de: `dazu wenigstens eines von ${members.join(", ")}, denn was niemand nennt, nimmt schon ${other} an`,
  };
}
