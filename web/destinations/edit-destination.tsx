// Changing a destination.
import { EditPage } from "../sources-and-destinations/edit-page.tsx";
import { belowOf } from "./known-answers.tsx";
import { fieldsOf, storedOf } from "./stored-destination.ts";

export default function EditDestination() {
  return <EditPage kind="destinations" fieldsOf={fieldsOf} storedOf={storedOf} belowOf={belowOf} />;
}
