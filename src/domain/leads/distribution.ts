// Distribution: of several destinations each lead goes to one, in turns or by weights. Whose turn it is follows from the
// number of the turn alone, so that what has to be kept, and shared by all nodes, is one number.

export interface Share {
  readonly destination: string;
  /** A whole number from 1; of a lead more goes there the greater it is. */
  readonly weight: number;
}

/** As a source has it. */
export interface DistributionGroup {
  readonly members: readonly Share[];
  /** What would go to a paused destination goes to the others; false: it is kept for it, as every lead is. */
  readonly skipPaused: boolean;
}

/** As a lead has it on its way: with those alone that there are. */
export interface LeadGroup {
  readonly members: readonly Share[];
  /** Of the members: who takes no turn at present; absent: everybody does. */
  readonly skipped?: readonly string[];
}

/** Where the leads of a source go. */
export interface Routing {
  /** Each of them gets every lead. */
  readonly destinations: readonly string[];
  /** Of each, one destination gets a lead. */
  readonly groups: readonly LeadGroup[];
}

/** How leadledger.yaml and the API say it, beside plain names in `to`. */
export interface GroupEntry {
  readonly one_of: readonly (string | { readonly destination: string; readonly weight?: number })[];
  readonly skip_paused?: boolean;
}
export type ToEntry = string | GroupEntry;

export type DistributionRule = "turns" | "weights";

export const groupMembersMax = 50;
export const weightMax = 100;

/** `turns`: everybody gets the same. */
export function ruleOf({ members }: LeadGroup): DistributionRule {
  return members.some(({ weight }) => weight !== members[0]?.weight) ? "weights" : "turns";
}

/**
 * Tells groups of a source apart: other members or weights are another group, whose turns begin anew. Names have neither
 * comma nor colon in them.
 */
export function groupText({ members }: LeadGroup): string {
  return members.map(({ destination, weight }) => `${destination}:${weight}`).join(",");
}

/** `turn` counts from 0. null: nobody is in the group. */
export function whoseTurn(group: LeadGroup, turn: number): string | null {
  const order = orderOf(group);
  return order[turn % order.length] ?? null;
}

const orders = new WeakMap<LeadGroup, readonly string[]>();

/** One round of turns, after which it begins again. */
function orderOf(group: LeadGroup): readonly string[] {
  const known = orders.get(group);
  if (known !== undefined) return known;
  const { members, skipped = [] } = group;
  const present = members.filter(({ destination }) => !skipped.includes(destination));
  // With nobody else there, leads wait for whoever they would have gone to.
  const order = roundOf(present.length === 0 ? members : present);
  orders.set(group, order);
  return order;
}

/**
 * After any number of turns everybody has had their share of them, or differs from it by less than one: the earliest
 * deadline first, of those who are behind their share. The n-th turn of a share p is due between (n - 1) / p and n / p (the
 * windows of Pfair scheduling: Baruah et al., Proportionate progress, 1996).
 */
function roundOf(members: readonly Share[]): string[] {
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const divisor = members.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0);
  const had = members.map(() => 0);
  const order: string[] = [];
  for (let turn = 1; turn <= total / divisor; turn += 1) {
    let next = -1;
    let nextDue = Infinity;
    members.forEach(({ weight }, index) => {
      const turns = had[index] ?? 0;
      const due = Math.ceil(((turns + 1) * total) / weight);
      if (turns * total < turn * weight && due < nextDue) {
        next = index;
        nextDue = due;
      }
    });
    had[next] = (had[next] ?? 0) + 1;
    order.push(members[next]?.destination ?? "");
  }
  return order;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

/** Where the leads of a source go, as it is written down; null: to all. */
export function toEntryOf({
  to,
  oneOf = [],
}: {
  readonly to: readonly string[] | null;
  readonly oneOf?: readonly DistributionGroup[] | undefined;
}): readonly ToEntry[] | null {
  if (to === null) return null;
  const inGroups = new Set(oneOf.flatMap(({ members }) => members.map(({ destination }) => destination)));
  return [...to.filter((name) => !inGroups.has(name)), ...oneOf.map(groupEntry)];
}

export function groupEntry({ members, skipPaused }: DistributionGroup): GroupEntry {
  const one_of = members.map(({ destination, weight }) =>
    weight === 1 ? destination : { destination, weight },
  );
  return skipPaused ? { one_of, skip_paused: true } : { one_of };
}

/** `to` has the names of all, those in groups, too: whoever does not know groups sends to all of them, and not to nobody. */
export function readToEntry(entry: readonly ToEntry[] | null): {
  readonly to: readonly string[] | null;
  readonly oneOf?: readonly DistributionGroup[];
} {
  if (entry === null) return { to: null };
  const oneOf = entry.flatMap((each) => (typeof each === "string" ? [] : [groupOf(each)]));
  const to = [
    ...entry.filter((each) => typeof each === "string"),
    ...oneOf.flatMap(({ members }) => members.map(({ destination }) => destination)),
  ];
  return oneOf.length === 0 ? { to } : { to, oneOf };
}

function groupOf({ one_of: members, skip_paused: skipPaused = false }: GroupEntry): DistributionGroup {
  return {
    members: members.map((each) =>
      typeof each === "string"
        ? { destination: each, weight: 1 }
        : { destination: each.destination, weight: each.weight ?? 1 },
    ),
    skipPaused,
  };
}

/** Every name in it, whether alone or in a group. */
export function namesIn(entry: readonly ToEntry[] | null): readonly string[] | null {
  return readToEntry(entry).to;
}

/** Names of destinations exchanged for others. */
export function renamedTo(entry: readonly ToEntry[], nameOf: (name: string) => string): ToEntry[] {
  return entry.map((each) =>
    typeof each === "string"
      ? nameOf(each)
      : {
          ...each,
          one_of: each.one_of.map((member) =>
            typeof member === "string"
              ? nameOf(member)
              : { ...member, destination: nameOf(member.destination) },
          ),
        },
  );
}
