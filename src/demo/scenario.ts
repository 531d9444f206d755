// The demo's script: which source sends which lead in which act, what goes wrong on the way, and how each request must be answered.
import type { DemoLead } from "./leads.ts";
import { makeLeads } from "./leads.ts";
import { demoSourceNames, writeLead } from "./demo-sources.ts";
import type { DemoSourceName, WrittenLead } from "./demo-sources.ts";

/** What the contract (docs/contract.md, Posting a lead) answers: 202, 200, 422, 422, 401. */
export type Answer = "accepted" | "duplicate" | "refused" | "key_reused" | "denied";

export interface Sending extends WrittenLead {
  readonly source: DemoSourceName;
  readonly leadNumber: number;
  readonly expected: Answer;
  /** Signed or authorised with a wrong secret. */
  readonly wrongSecret: boolean;
}

export const acts = ["normal", "outage", "recovery"] as const;
export type Act = (typeof acts)[number];

/** Requests of one act: `first` all before `then`, because what is sent again must have been sent. */
export interface ActSendings {
  readonly first: readonly Sending[];
  readonly then: readonly Sending[];
}

export type Scenario = Readonly<Record<Act, ActSendings>>;

/** First submissions in each act; together they are the demo's 500 leads. */
export const leadsPerAct: Readonly<Record<Act, number>> = { normal: 200, outage: 180, recovery: 120 };
export const leadsTotal = leadsPerAct.normal + leadsPerAct.outage + leadsPerAct.recovery;

/** The CRM always fails on a lead that contains this: its database has no room for it. */
export const poison = "🏡";

const seed = 2_026;
/** Of ten leads: four from the website, three from the landing page, two from the fair, one from the portal. */
const sourcePattern = [0, 1, 0, 2, 1, 0, 3, 1, 0, 2] as const;

/** Always the same one. */
export function makeScenario(): Scenario {
  const leads = makeLeads(leadsTotal, seed).map(withQuirks);
  const normal = leads.slice(0, leadsPerAct.normal);
  const outage = leads.slice(leadsPerAct.normal, leadsPerAct.normal + leadsPerAct.outage);
  const recovery = leads.slice(leadsPerAct.normal + leadsPerAct.outage);
  return { normal: makeAct(normal), outage: makeAct(outage), recovery: makeAct(recovery) };
}

/** The CRM refuses leads without a postal code for good. */
function withQuirks(lead: DemoLead): DemoLead {
  if (lead.number % 83 === 20) return { ...lead, postalCode: null };
  if (lead.number === 22) return { ...lead, message: `Wir ziehen um ${poison}` };
  return lead;
}

function sourceOf(lead: DemoLead): DemoSourceName {
  return demoSourceNames[sourcePattern[lead.number % sourcePattern.length] ?? 0];
}

function makeAct(leads: readonly DemoLead[]): ActSendings {
  const first = leads.map((lead) => brokenSending(lead) ?? goodSending(lead));
  const again = leads.flatMap((lead) => laterSendings(lead));
  return { first, then: again };
}

function goodSending(lead: DemoLead, expected: Answer = "accepted"): Sending {
  const source = sourceOf(lead);
  const written = writeLead(source, lead);
  return { source, leadNumber: lead.number, ...written, expected, wrongSecret: false };
}

/** Now and then one arrives damaged; null: this one does not. */
function brokenSending(lead: DemoLead): Sending | null {
  if (!isBroken(lead)) return null;
  const good = goodSending(lead, "refused");
  return { ...good, body: damaged(good) };
}

function damaged({ source, body, fields }: Sending): Buffer {
  switch (source) {
    case "website":
      // The schema asks for an e-mail address.
      return Buffer.from(JSON.stringify({ ...fields, email: undefined }));
    case "landingpage":
      // A program that pads texts with NUL, which no database keeps as text.
      return Buffer.concat([body, Buffer.from("&notiz=Montag%00%00")]);
    case "messe":
    case "portal":
      return body.subarray(0, Math.floor(body.length / 2));
  }
}

function isBroken(lead: DemoLead): boolean {
  return lead.number % 57 === 44;
}

/** What is sent again, in the same act: by impatient people, by careless programs, and by nobody we know. */
function laterSendings(lead: DemoLead): Sending[] {
  const good = goodSending(lead);
  // Without a key of its own, a corrected lead is a new lead to everyone; the demo leaves those as they are.
  const canBeCorrected = good.key !== null && lead.number % 2 === 0;
  if (isBroken(lead)) return canBeCorrected ? [good] : [];
  const sendings: Sending[] = [];
  if (lead.number % 13 === 3) sendings.push({ ...good, expected: "duplicate" });
  if (lead.number % 71 === 62 && good.source !== "messe") sendings.push(otherBodySameKey(lead));
  if (lead.number % 163 === 12) sendings.push({ ...good, expected: "denied", wrongSecret: true });
  return sendings;
}

/** The person went back in the browser, changed something, and the form kept its key. */
function otherBodySameKey(lead: DemoLead): Sending {
  return goodSending(
    { ...lead, message: "Doch lieber per E-Mail melden!", product: "Wallbox 22 kW" },
    "key_reused",
  );
}
