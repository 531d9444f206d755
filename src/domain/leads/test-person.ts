// Who test leads are about: one person, always the same, so that a receiver which knows people updates one record instead
// of collecting many.

/** The address is RFC 2606's and belongs to nobody, the number is one of those that the Bundesnetzagentur keeps for films. */
export const testPerson = {
  firstName: "LeadLedger",
  lastName: "Test",
  email: "leadledger-test@example.com",
  phone: "+49 30 23125042",
} as const;

const shown = `${testPerson.firstName} ${testPerson.lastName}, ${testPerson.email}, ${testPerson.phone}`;

/** Said before a test is sent, beside what each kind of destination says that it leaves behind. */
export const testPersonText = {
  en: `It is always about the same person (${shown}). What arrived stays there until somebody removes it.`,
  de: `Er handelt immer von derselben Person (${shown}). Was ankam, bleibt dort, bis es jemand entfernt.`,
} as const;
