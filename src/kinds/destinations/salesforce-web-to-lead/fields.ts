// What is to say about a destination of kind `salesforce-web-to-lead`.
import type { Field } from "../../../config/fields/field.ts";
import { text } from "../../../config/fields/plain-fields.ts";
import { optionalUrl } from "../../../config/fields/secret-fields.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** The names that Salesforce gives the fields of its form; custom fields are called 00N… */
export const webToLeadMap: TargetMap = {
  first_name: "/lead/first_name",
  last_name: {
    first: ["/lead/last_name", "/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
    default: "[not provided]",
  },
  company: { pointer: "/lead/company", default: "[not provided]" },
  email: "/lead/email",
  phone: "/lead/phones/0",
  mobile: "/lead/phones/1",
  street: "/lead/street",
  zip: "/lead/postal_code",
  city: "/lead/town",
  description: "/lead/message",
};

const oid: Field<string> = {
  ...text("oid", {
    label: { en: "Organisation ID", de: "Organisations-ID" },
    help: {
      en: "In Salesforce: Setup › Company Information, “Salesforce.com Organization ID”; it stands in the form of Setup › Web-to-Lead, too. It begins with 00D.",
      de: "In Salesforce: Setup › Unternehmensinformationen, „Salesforce.com-Organisations-ID“; sie steht auch im Formular von Setup › Web-to-Lead. Sie beginnt mit 00D.",
    },
    example: "00D5g000000AbCd",
    option: { title: { en: "organisation", de: "Organisation" } },
  }),
  isAddress: true,
  standIn: "00D000000000000",
  check(written, { note }) {
    if (typeof written === "string" && !/^00D(?:[A-Za-z0-9]{12}|[A-Za-z0-9]{15})$/.test(written))
      note("problems", ["oid"], { code: "text_unfit", params: { expected } });
  },
};

const expected = {
  en: "15 or 18 letters and digits that begin with 00D",
  de: "15 oder 18 Buchstaben und Ziffern, die mit 00D beginnen",
};

export const webToLeadFields = {
  oid,
  baseUrl: optionalUrl("base_url", {
    label: { en: "Address", de: "Adresse" },
    help: {
      en: "Only where the form of Setup › Web-to-Lead names another one. Empty: https://webto.salesforce.com.",
      de: "Nur wenn im Formular von Setup › Web-to-Lead eine andere steht. Leer: https://webto.salesforce.com.",
    },
    example: "https://acme.my.salesforce.com",
    advanced: true,
  }),
  ...recordMapFields(webToLeadMap),
  ...sendingFields,
} as const;

export type WebToLeadDestination = DestinationOf<typeof webToLeadFields>;
