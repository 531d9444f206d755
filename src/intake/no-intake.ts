// What stands in the place of intake on a node that was started without that role.
import { defaultBodyLimitBytes } from "../domain/sources/source.ts";
import type { Intake, NoteRefused } from "./intake.ts";

export function noIntake(onDenied: NoteRefused): Intake {
  return {
    bodyLimitBytes: () => defaultBodyLimitBytes,
    receive: () => ({ kind: "not_taken_here" }),
    answerInstead: () => null,
    preflight: () => null,
    handshake: () => null,
    // Whatever it is for: it is answered that leads are not taken here, which can be tried again.
    isConfigured: () => true,
    retryAfterUnit: () => "s",
    keepTooLarge: () => undefined,
    noteRefused: onDenied,
  };
}
