// GET /sources/:name/samples: the address of a source, and code that sends a lead there; never with a secret in it.
import { Type } from "typebox";
import { curlSample } from "../../../config/samples/curl.ts";
import { javascriptSample } from "../../../config/samples/javascript.ts";
import { n8nSample } from "../../../config/samples/n8n.ts";
import { noSamplesText } from "../../../config/samples/no-samples.ts";
import { phpSample } from "../../../config/samples/php.ts";
import {
  calledSource,
  exampleLeadOf,
  leadUrl,
  secretVariable,
} from "../../../config/samples/sample-target.ts";
import { sourceOf } from "../../../config/stored-configuration.ts";
import { declaredOf, proofOf } from "../../../config/declared-kind.ts";
import type { DeclaredKinds, DeclaredSource } from "../../../config/declared-kind.ts";
import { shownSettings } from "../../../config/fields/settings.ts";
import type { Settings } from "../../../config/fields/settings.ts";
import type { Source } from "../../../domain/sources/source.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import { compileStoredSchema } from "../../../intake/body-schema.ts";
import { findManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { addressRemarkCodes, addressRemarks } from "../../../domain/sources/address-remarks.ts";
import { senderReach } from "../../../config/set-up.ts";
import { addressFor } from "../../reach.ts";
import { partParams } from "./part-schemas.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { nullable, oneOf } from "../frame/schemas.ts";

export interface SamplesDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
}

const samplesSchema = Type.Object({
  url: Type.String({
    description: "Where senders post leads: below `public_url`, or else as seen from where this was asked.",
  }),
  address_remarks: Type.Array(Type.Object({ code: oneOf(addressRemarkCodes), message: Type.String() }), {
    description:
      "What may keep senders from reaching `url`, found out from the address alone: nobody outside is asked.",
  }),
  secret_variable: nullable(
    Type.String({ description: "The environment variable that holds the secret in the samples." }),
  ),
  fits_schema: Type.Boolean({
    description: "false: the lead of the samples must be adapted to the source's JSON Schema.",
  }),
  samples: nullable(
    Type.Object({
      curl: Type.String(),
      javascript: Type.String({ description: "Node 20 and newer." }),
      php: Type.String({ description: "PHP 8." }),
      n8n: Type.String({ description: "JSON, to be pasted into n8n's canvas." }),
    }),
  ),
  own_samples: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String({ description: "Where it belongs, in words." }),
      code: Type.String(),
    }),
    { description: "Code for where leads of this kind come from; of most kinds there is none." },
  ),
  why_no_samples: nullable(
    Type.String({ description: "Where `samples` is null, what to do instead, in words." }),
  ),
});

export function samplesRoutes({ database, secretBox, kinds }: SamplesDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/sources/:name/samples",
        tag: "sources",
        access: "configuration.read",
        summary: "The address of a source, and code that sends a lead there",
        description:
          "For this source's credentials and key. Comments are in the language of Accept-Language; the secret is an environment variable.",
        params: partParams,
        answers: { 200: samplesSchema },
        problems: ["source_not_found", "part_removed"],
      },
      async ({ params: { name }, raw, reach, language }) => {
        const part = await findManagedPart(database, "sources", name);
        if (part === null) return refuse("source_not_found");
        if (!part.enabled) return refuse("part_removed");
        const address = addressFor(raw, reach);
        if (address === null)
          return refuse("request_invalid", { reason: "the header Host names no address" });
        const source = sourceOf(part.stored, secretBox, kinds);
        const { auth, key, schema } = source;
        const url = leadUrl(address, calledSource(name, auth));
        const lead = exampleLeadOf(source);
        const declared = declaredOf(kinds.sources, auth.kind);
        const proof = proofOf(declared, auth);
        const remarks = addressRemarks(url, senderReach(declared?.setUp ?? []));
        const address_remarks = remarks.map(({ code, texts }) => ({ code, message: texts[language] }));
        if (proof === "own") {
          return ok({
            url,
            address_remarks,
            secret_variable: null,
            fits_schema: true,
            samples: null,
            own_samples: [],
            why_no_samples: noSamplesText({ label: declared?.label ?? { en: auth.kind, de: auth.kind } })[
              language
            ],
          });
        }
        const variable = secretVariable(name, proof);
        const target = { url, proof, key: key.kind, secret: { variable }, lead, language };
        return ok({
          url,
          address_remarks,
          secret_variable: auth.secrets === undefined ? null : variable,
          fits_schema: schema === null || compileStoredSchema(schema)(lead) === null,
          samples: {
            curl: curlSample(target),
            javascript: javascriptSample(target),
            php: phpSample(target),
            n8n: n8nSample(target),
          },
          own_samples: [...(declared?.samples?.({ url, shown: shownIn(declared, source), language }) ?? [])],
          why_no_samples: null,
        });
      },
    ),
  ];
}

/** Samples hold no secret. */
function shownIn({ fields }: DeclaredSource, { auth }: Source): Settings {
  return shownSettings(fields, auth, { fingerprint: () => "", retiring: [] });
}
