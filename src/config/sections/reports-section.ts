// The section `reports:` of leadledger.yaml: who gets which report, when and in which language.

import { isLanguage, isTimeOfDay, weekdays } from "../../domain/figures/report-order.ts";
import type { ReportOrder, ReportOrders, Weekday } from "../../domain/figures/report-order.ts";
import { parseMailbox } from "../../domain/values/mailbox.ts";
import type { Checking, Entry, FieldSchema } from "../fields/field.ts";
import { isMapping } from "../fields/settings.ts";
import type { DeclaredSection } from "./declared-section.ts";

const recipientsMax = 50;
const presetTime = "07:30";
const presetWeekday: Weekday = "monday";

const common: Readonly<Record<string, FieldSchema>> = {
  to: {
    type: "array",
    items: { type: "string", format: "text" },
    minItems: 1,
    maxItems: recipientsMax,
    description: "E-mail addresses; everyone gets a mail of their own.",
  },
  at: {
    type: "string",
    format: "text",
    default: presetTime,
    description: "Time of day in the reporting time zone: 07:30.",
  },
  language: { type: "string", enum: ["de", "en"], description: "Absent: that of the mail account." },
  client: { type: "string", format: "label", description: "Of an agency: only what is this client's." },
};

function order(description: string, more: Readonly<Record<string, FieldSchema>> = {}): FieldSchema {
  return {
    type: "object",
    description,
    properties: { ...common, ...more },
    required: ["to"],
    additionalProperties: false,
  };
}

export const reportsSection: DeclaredSection = {
  name: "reports",
  label: { en: "Reports", de: "Berichte" },
  schema: {
    type: "object",
    description: "Reports by mail.",
    properties: {
      daily: order("About the day before, every day."),
      weekly: order("About the seven days before, once a week.", {
        on: { type: "string", enum: weekdays, default: presetWeekday, description: "The weekday: monday." },
      }),
    },
    additionalProperties: false,
  },
  sealedMembers: [],
  check(checking) {
    for (const name of ["daily", "weekly"]) checkOrder(name, checking.entry[name], checking);
  },
};

function checkOrder(name: string, order: unknown, { note }: Checking): void {
  if (!isMapping(order)) return;
  const { at, to } = order;
  if (typeof at === "string" && at !== "" && !isTimeOfDay(at))
    note("problems", [name, "at"], { code: "text_unfit", params: { expected: expectedTime } });
  if (!Array.isArray(to)) return;
  to.forEach((each: unknown, index) => {
    if (typeof each !== "string" || each === "" || parseMailbox(each) !== null) return;
    note("problems", [name, "to", String(index)], {
      code: "text_unfit",
      params: { expected: expectedMailbox },
    });
  });
}

const expectedTime = { en: "a time of day, such as 07:30", de: "eine Uhrzeit, etwa 07:30" };
const expectedMailbox = {
  en: "one e-mail address, or a name with it: Sales <sales@example.com>",
  de: "eine E-Mail-Adresse, auch mit Namen: Vertrieb <vertrieb@example.com>",
};

/** Of an entry that was checked. */
export function readReportOrders(entry: Entry | null): ReportOrders {
  const weekly = isMapping(entry?.["weekly"]) ? entry["weekly"] : null;
  const on = weekdays.find((day) => day === weekly?.["on"]) ?? presetWeekday;
  const weeklyOrder = orderOf(weekly);
  return {
    daily: orderOf(entry?.["daily"]),
    weekly: weeklyOrder === null ? null : { ...weeklyOrder, on },
  };
}

function orderOf(written: unknown): ReportOrder | null {
  if (!isMapping(written)) return null;
  const { to, at, language, client } = written;
  const recipients = Array.isArray(to) ? to.map(String) : [];
  return {
    to: [...new Set(recipients)],
    at: typeof at === "string" ? at : presetTime,
    language: isLanguage(language) ? language : null,
    client: typeof client === "string" ? client : null,
  };
}
