// Which time zone people mean by a name that is none, or that is read in two ways. Pure.

/** Where an abbreviation is read by one side as a fixed offset and by the other as somewhere far away. */
const meantByAbbreviation: Readonly<Record<string, string>> = {
  CET: "Europe/Berlin",
  CEST: "Europe/Berlin",
  MET: "Europe/Berlin",
  MEST: "Europe/Berlin",
  MEZ: "Europe/Berlin",
  MESZ: "Europe/Berlin",
  WET: "Europe/Lisbon",
  WEST: "Europe/Lisbon",
  EET: "Europe/Athens",
  EEST: "Europe/Athens",
  BST: "Europe/London",
  IST: "Asia/Kolkata",
  EDT: "America/New_York",
  CST: "America/Chicago",
  CDT: "America/Chicago",
  MDT: "America/Denver",
  PST: "America/Los_Angeles",
  PDT: "America/Los_Angeles",
  AST: "America/Halifax",
  NST: "America/St_Johns",
  MSK: "Europe/Moscow",
  AEST: "Australia/Sydney",
  AEDT: "Australia/Sydney",
};

/** null: nobody can tell. Every name that comes back is one of the IANA database. */
export function zoneMeant(name: string): string | null {
  const typed = name.trim();
  const abbreviated = meantByAbbreviation[typed.toUpperCase()];
  if (abbreviated !== undefined) return abbreviated;
  // +01:00, UTC+1, GMT-5, EST5EDT4: an offset is no place.
  if (/^[+-]|\d/.test(typed) && !typed.includes("/")) return null;
  const city = typed.replaceAll(" ", "_").toLowerCase();
  const ofCity = Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase().endsWith(`/${city}`));
  if (ofCity !== undefined) return ofCity;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: typed }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
