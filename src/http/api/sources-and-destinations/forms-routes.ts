// GET /forms: which fields sources and each kind of destination have, for whoever shows a form.
import { destinationFormOf, sourceFields, sourceTiles } from "../../../config/form-fields.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import { formsSchema } from "./form-schemas.ts";
import { ok, route } from "../frame/route.ts";

export interface FormsDeps {
  readonly kinds: DeclaredKinds;
}

export function formsRoutes({ kinds }: FormsDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/forms",
        tag: "forms",
        access: "configuration.read",
        summary: "The fields of sources and of each kind of destination",
        description:
          "In the language of Accept-Language. What a form gathers goes to POST or PATCH of /sources and /destinations; where these answer `configuration_invalid`, each problem's `place` is the `name` of a field, or begins with it and goes on with `.` or `[`.",
        answers: { 200: formsSchema },
      },
      ({ language }) =>
        Promise.resolve(
          ok({
            sources: { fields: sourceFields(language, kinds), tiles: sourceTiles(language, kinds) },
            destinations: kinds.destinations.map((kind) => destinationFormOf(kind, language)),
          }),
        ),
    ),
  ];
}
