// The demo's four sources: how each of them proves who it is, where its leads go, and how it writes a lead down.
import { createHmac } from "node:crypto";
import type { DemoLead } from "./leads.ts";

export const demoSourceNames = ["website", "landingpage", "messe", "portal"] as const;
export type DemoSourceName = (typeof demoSourceNames)[number];

export const demoDestinationNames = ["crm", "newsletter"] as const;
export type DemoDestinationName = (typeof demoDestinationNames)[number];

/** As written to leadledger.yaml. */
export const routes: Readonly<Record<DemoSourceName, readonly DemoDestinationName[]>> = {
  website: ["crm", "newsletter"],
  landingpage: ["crm", "newsletter"],
  messe: ["crm"],
  portal: ["crm"],
};

export type DemoSecrets = Readonly<Record<DemoSourceName, string>>;

/** A request's body, and what a receiver must make of it. */
export interface WrittenLead {
  readonly contentType: string;
  readonly body: Buffer;
  /** The lead as LeadLedger must store and deliver it. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The value of Idempotency-Key; null where the source's key is in the body, or is the body. */
  readonly key: string | null;
}

/** Writes a lead as its source does: JSON, a web form, or a form with a photograph. */
export function writeLead(source: DemoSourceName, lead: DemoLead): WrittenLead {
  switch (source) {
    case "website":
      return { ...asJson(websiteFields(lead)), key: `kontakt-${lead.number}` };
    case "landingpage":
      return { ...asForm(landingpageFields(lead)), key: `"lp-${lead.campaign}-${lead.number}"` };
    case "messe":
      return { ...asJson(messeFields(lead)), key: null };
    case "portal":
      return { ...asMultipart(portalFields(lead), housePhoto(lead)), key: null };
  }
}

/** The headers by which a source proves who it is; `nowSeconds` is unix time. */
export function credentials(
  source: DemoSourceName,
  secret: string,
  body: Buffer,
  nowSeconds: number,
): Record<string, string> {
  switch (source) {
    case "website": {
      const signature = createHmac("sha256", secret).update(`${nowSeconds}.`).update(body).digest("hex");
      return { "X-Timestamp": String(nowSeconds), "X-Signature": `sha256=${signature}` };
    }
    case "landingpage":
    case "portal":
      return { Authorization: `Bearer ${secret}` };
    case "messe":
      return { "X-Api-Key": secret };
  }
}

/** The person's name in a lead of any of the sources; empty if there is none. */
export function nameIn(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const fields = body as Readonly<Record<string, unknown>>;
  const parts = [fields.vorname, fields.nachname ?? fields.name].filter((part) => typeof part === "string");
  return parts.length > 0 ? parts.join(" ") : nameIn(fields.kontakt);
}

function websiteFields(lead: DemoLead): Record<string, unknown> {
  return {
    vorname: lead.firstName,
    nachname: lead.lastName,
    email: lead.email,
    telefon: lead.phone,
    ...postalCodeOf(lead),
    ort: lead.town,
    strasse: lead.street,
    produkt: lead.product,
    nachricht: lead.message,
    einwilligung: true,
  };
}

function landingpageFields(lead: DemoLead): Record<string, string> {
  return {
    name: `${lead.firstName} ${lead.lastName}`,
    email: lead.email,
    telefon: lead.phone,
    ...postalCodeOf(lead),
    ort: lead.town,
    interesse: lead.product,
    kampagne: lead.campaign,
  };
}

function messeFields(lead: DemoLead): Record<string, unknown> {
  return {
    karte: lead.number,
    kontakt: { name: `${lead.firstName} ${lead.lastName}`, mail: lead.email, mobil: lead.phone },
    ...postalCodeOf(lead),
    ort: lead.town,
    gespraech: { thema: lead.product, notiz: lead.message, sterne: 1 + (lead.number % 5) },
  };
}

function portalFields(lead: DemoLead): Record<string, string> {
  return {
    anfrage_id: `VP-${100_000 + lead.number}`,
    name: `${lead.lastName}, ${lead.firstName}`,
    email: lead.email,
    telefon: lead.phone,
    ...postalCodeOf(lead),
    ort: lead.town,
    wunsch: lead.product,
  };
}

function postalCodeOf(lead: DemoLead): { plz?: string } {
  return lead.postalCode === null ? {} : { plz: lead.postalCode };
}

type Written = Omit<WrittenLead, "key">;

function asJson(fields: Record<string, unknown>): Written {
  return { contentType: "application/json", body: Buffer.from(JSON.stringify(fields)), fields };
}

function asForm(fields: Record<string, string>): Written {
  const body = Buffer.from(new URLSearchParams(fields).toString());
  return { contentType: "application/x-www-form-urlencoded", body, fields };
}

interface Photo {
  readonly filename: string;
  readonly content_type: string;
  readonly bytes: Buffer;
}

const boundary = "----leadledger-demo-7d1e";

function asMultipart(fields: Record<string, string>, photo: Photo): Written {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const photoHead =
    `--${boundary}\r\nContent-Disposition: form-data; name="foto"; filename="${photo.filename}"\r\n` +
    `Content-Type: ${photo.content_type}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(parts.join("") + photoHead),
    photo.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const { filename, content_type, bytes } = photo;
  const foto = { filename, content_type, size_bytes: bytes.length, base64: bytes.toString("base64") };
  return { contentType: `multipart/form-data; boundary=${boundary}`, body, fields: { ...fields, foto } };
}

/** The smallest picture there is: a GIF of one pixel. */
function housePhoto({ number }: DemoLead): Photo {
  const bytes = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
  return { filename: `haus-${number}.gif`, content_type: "image/gif", bytes };
}
