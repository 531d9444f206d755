// Google's token server and one spreadsheet, as far as the kind asks them.
import { createVerify, generateKeyPairSync } from "node:crypto";
import { json, startInterface } from "./interface-double.ts";
import type { InterfaceDouble, Route } from "./interface-double.ts";
import { googleSheets } from "../../src/kinds/destinations/google-sheets/kind.ts";
import { googleSheetsFields } from "../../src/kinds/destinations/google-sheets/fields.ts";
import type { GoogleSheetsDestination } from "../../src/kinds/destinations/google-sheets/fields.ts";
import { sendingDefaults } from "./mapped-sender.ts";

const keys = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pem = keys.privateKey.export({ type: "pkcs8", format: "pem" });
export const sheetId = "1AbCdEfGhIjKlMnOpQrStUvWxYz";

export function sheetsDestination(
  baseUrl: string,
  own: Partial<GoogleSheetsDestination> = {},
): GoogleSheetsDestination {
  return {
    ...sendingDefaults,
    kind: googleSheets.kind,
    spreadsheet: sheetId,
    tab: "Erika's leads",
    serviceAccount: JSON.stringify({
      type: "service_account",
      client_email: "leads@project.iam.gserviceaccount.com",
      private_key_id: "key-1",
      private_key: pem,
      token_uri: `${baseUrl}/token`,
    }),
    map: googleSheetsFields.map.read(undefined, { entry: {}, timezone: "Europe/Berlin" }),
    runIdHeading: "LeadLedger ID",
    baseUrl,
    ...own,
  };
}

/** What was asked for by an assertion that the key has signed. */
export function claimsOf(form: string): Readonly<Record<string, unknown>> {
  const assertion = new URLSearchParams(form).get("assertion") ?? "";
  const [head = "", claims = "", signature = ""] = assertion.split(".");
  const isSigned = createVerify("RSA-SHA256")
    .update(`${head}.${claims}`)
    .verify(keys.publicKey, signature, "base64url");
  if (!isSigned) throw new Error("not signed by the key");
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as Readonly<Record<string, unknown>>;
}

export interface SheetDouble extends InterfaceDouble {
  /** Of the tab, headings included. */
  readonly rows: unknown[][];
}

/** `routes` come before what the spreadsheet does when all is well. */
export async function startSheet(rows: unknown[][], ...routes: readonly Route[]): Promise<SheetDouble> {
  const double = await startInterface(
    ...routes,
    ["POST", "/token", json(200, { access_token: "ya29.token", expires_in: 3599, token_type: "Bearer" })],
    [
      "POST",
      /:append/,
      ({ body }) => {
        rows.push(rowOf(body));
        return json(200, {
          spreadsheetId: sheetId,
          updates: { updatedRange: `Leads!A${rows.length}`, updatedRows: 1 },
        });
      },
    ],
    [
      "PUT",
      /\/values\//,
      ({ path, body }) => {
        const range = rangeOf(path);
        const [, letters = "A", row = "1"] = /^([A-Z]*)(\d+)/.exec(range) ?? [];
        const at = Number(row) - 1;
        const first = letters === "" ? 0 : letters.charCodeAt(0) - 65;
        const there = (rows[at] ??= []);
        rowOf(body).forEach((cell, index) => {
          if (cell !== null) there[first + index] = cell;
        });
        return json(200, { spreadsheetId: sheetId, updatedRange: range, updatedRows: 1 });
      },
    ],
    ["GET", /majorDimension=COLUMNS/, ({ path }) => json(200, columnOf(rows, rangeOf(path)))],
    [
      "GET",
      /\/values\//,
      () => json(200, { range: "Leads!A1:Z1", ...(rows[0] === undefined ? {} : { values: [rows[0]] }) }),
    ],
  );
  return { ...double, rows };
}

function rowOf(body: string): unknown[] {
  const { values } = JSON.parse(body) as { readonly values: readonly unknown[][] };
  return values[0] ?? [];
}

function rangeOf(path: string): string {
  return decodeURIComponent(/\/values\/([^?:]*(?:%3A[^?:]*)?)/.exec(path)?.[1] ?? "").replace(/^.*!/, "");
}

function columnOf(rows: unknown[][], range: string): object {
  const index = range.charCodeAt(0) - 65;
  return { range, majorDimension: "COLUMNS", values: [rows.map((row) => row[index] ?? "")] };
}
