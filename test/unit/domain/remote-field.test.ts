// Whether a map fits the fields that a receiver has.
import { describe, expect, it } from "vitest";
import { misfitsOf } from "../../../src/domain/destinations/remote-field.ts";
import type { RemoteField } from "../../../src/domain/destinations/remote-field.ts";

function field(target: string, more: Partial<RemoteField> = {}): RemoteField {
  return { target, label: target, type: "text", isRequired: false, ...more };
}

describe("a map beside the receiver's fields", () => {
  it.each([
    ["Phone", "Phone"],
    ["/Phone", "Phone"],
    ["Tel. privat", "/Tel. privat"],
    ["/Tel. privat", "/Tel. privat"],
    ["address.town", "address"],
    ["/address/town", "address"],
    ["/a~1b", "a/b"],
  ])("finds %s in the field %s, however the map writes it", (target, there) => {
    const required = field(there, { isRequired: true });
    expect(misfitsOf({ [target]: "/lead/name" }, [required])).toEqual({
      unknownTargets: [],
      unmappedFields: [],
      unknownOptions: [],
    });
  });

  it("has nothing to say where there is no map, because an expression says what is sent", () => {
    expect(misfitsOf({}, [field("name", { isRequired: true })]).unmappedFields).toEqual([]);
  });

  it("names targets that no field is called, fields that must be filled and are not, and options that are none", () => {
    const stage = field("stage", { type: "choice", options: [{ value: "new", label: "New" }] });
    const fields = [field("Phone"), field("name", { isRequired: true }), stage];
    expect(misfitsOf({ Phon: "/lead/phones/0", "/stage": { constant: "old" } }, fields)).toEqual({
      unknownTargets: ["Phon"],
      unmappedFields: ["name"],
      unknownOptions: [{ target: "/stage", value: "old" }],
    });
  });
});
