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

/** What a test leaves behind at its receiver, said before it is sent. */
export const testTraceText = {
  en: `It is always about the same person (${shown}): a CRM that knows people by address or number updates one record. What arrived stays there until somebody removes it; a mail, a message or a row comes once for each test.`,
  de: `Er handelt immer von derselben Person (${shown}): Ein CRM, das Menschen an Adresse oder Nummer erkennt, führt einen einzigen Datensatz fort. Was ankam, bleibt dort, bis es jemand entfernt; eine Mail, eine Nachricht oder eine Zeile entsteht bei jedem Test.`,
} as const;
