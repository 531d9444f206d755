// The map that a kind has where nobody says another.
import type { Field } from "../../src/config/fields/field.ts";
import type { TargetMap } from "../../src/domain/destinations/target-map.ts";

export function presetMap({ map }: { readonly map: Field<TargetMap> }): TargetMap {
  return map.read(undefined, { entry: {}, timezone: "Europe/Berlin" });
}
