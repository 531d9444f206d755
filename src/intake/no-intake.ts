// What stands in the place of intake on a node that was started without that role.
import { defaultBodyLimitBytes } from "../domain/source.ts";
import type { Intake } from "./intake.ts";

export const noIntake: Intake = {
  bodyLimitBytes: () => defaultBodyLimitBytes,
  receive: () => ({ kind: "not_taken_here" }),
};
