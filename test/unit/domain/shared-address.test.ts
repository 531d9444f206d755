// To which source a lead belongs that came to an address which several share.
import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseClaim, claimOf, clashOf, idsIn } from "../../../src/domain/sources/shared-address.ts";
import { parseExactly } from "../../../src/domain/values/exact-json.ts";
import { linkedinLeadSync } from "../../../src/kinds/sources/linkedin-lead-sync/linkedin-lead-sync.ts";
import { metaLeadAds } from "../../../src/kinds/sources/meta-lead-ads/meta-lead-ads.ts";

const meta = metaLeadAds.sharedBy ?? [];
const linkedin = linkedinLeadSync.sharedBy ?? [];

function chosen(
  marks: typeof meta,
  sources: readonly Readonly<Record<string, readonly string[]>>[],
  lead: string,
): number | null {
  return chooseClaim(
    sources.map((settings) => claimOf(marks, settings)),
    idsIn(marks, parseExactly(lead)),
  );
}

it.each([
  ["its page", [{ pages: ["1"] }, { pages: ["2"] }], '{"page_id":"2"}', 1],
  [
    "its form before its page",
    [{ pages: ["1"] }, { pages: ["1"], forms: ["9"] }],
    '{"page_id":"1","form_id":"9"}',
    1,
  ],
  [
    "a form before a page, whichever stands first",
    [{ forms: ["9"] }, { pages: ["1"] }],
    '{"page_id":"1","form_id":"9"}',
    0,
  ],
  [
    "its page where the form is another one",
    [{ pages: ["1"], forms: ["8"] }, { pages: ["1"] }],
    '{"page_id":"1","form_id":"9"}',
    1,
  ],
  ["what takes the rest, when nobody lists it", [{}, { pages: ["1"] }], '{"page_id":"7"}', 0],
  ["nobody, when nobody lists it", [{ pages: ["1"] }], '{"page_id":"7"}', null],
  ["nobody, when it names no page", [{ pages: ["1"] }], '{"leadgen_id":"1"}', null],
  [
    "by ids sent as numbers, to the last digit",
    [{ pages: ["10499654448812345"] }, { pages: ["10499654448812346"] }],
    '{"page_id":10499654448812346}',
    1,
  ],
  ["and never by another spelling of a number", [{ pages: ["1"] }], '{"page_id":"01"}', null],
])("A lead of Meta goes to %s", (_to, sources, lead, expected) => {
  expect(chosen(meta, sources as never, lead)).toBe(expected);
});

it.each([
  ['{"owner":{"organization":"urn:li:organization:12"}}', { organizations: ["urn:li:organization:12"] }],
  ['{"owner":"urn:li:sponsoredAccount:12"}', { organizations: ["12"] }],
  [
    '{"owner":{"sponsoredAccount":"urn:li:sponsoredAccount:12"}}',
    { organizations: ["urn:li:sponsoredAccount:12"] },
  ],
  ['{"leadGenForm":"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:72,3)"}', { forms: ["72"] }],
  ['{"leadGenForm":"urn:li:leadGenForm:72"}', { forms: ["urn:li:leadGenForm:72"] }],
])("A lead of LinkedIn, %s, goes to whoever lists it by its URN or number", (lead, settings) => {
  expect(chosen(linkedin, [settings], lead)).toBe(0);
  expect(chosen(linkedin, [{ organizations: ["urn:li:organization:1"], forms: ["7"] }], lead)).toBeNull();
});

const ids = fc.constantFrom("1", "2", "3");
const settings = fc.record({
  pages: fc.uniqueArray(ids, { maxLength: 2 }),
  forms: fc.uniqueArray(ids, { maxLength: 2 }),
});

it("Whichever order sources stand in, a lead goes to the same one, which lists it, and nobody lists it more narrowly", () => {
  fc.assert(
    fc.property(fc.array(settings, { maxLength: 6 }), ids, ids, (sources, page, form) => {
      const claims = sources.map((each) => claimOf(meta, each));
      const isClear = claims.every((one, place) =>
        claims.slice(place + 1).every((other) => clashOf(meta, one, other) === null),
      );
      fc.pre(isClear);
      const lead = [[page], [form]];
      const place = chooseClaim(claims, lead);
      const back = chooseClaim(claims.toReversed(), lead);
      expect(back === null ? null : claims.length - 1 - back).toBe(place);
      const fitting = sources.filter(
        ({ pages, forms }) =>
          (pages.length === 0 || pages.includes(page)) && (forms.length === 0 || forms.includes(form)),
      );
      const one = place === null ? null : sources[place];
      if (one === null || one === undefined) {
        expect(fitting).toEqual([]);
        return;
      }
      expect(fitting).toContain(one);
      const narrowness = ({ pages, forms }: typeof one): number =>
        (forms.length > 0 ? 2 : 0) + (pages.length > 0 ? 1 : 0);
      expect(Math.max(...fitting.map(narrowness))).toBe(narrowness(one));
    }),
  );
});

it("Two sources clash where a lead could be of both, and only there", () => {
  const clash = (one: object, other: object) =>
    clashOf(meta, claimOf(meta, one as never), claimOf(meta, other as never));
  expect(clash({ pages: ["1", "2"] }, { pages: ["2", "3"] })).toMatchObject({ id: "2" });
  expect(clash({ pages: ["1"], forms: ["8"] }, { pages: ["1"], forms: ["9"] })).toBeNull();
  expect(clash({ pages: ["1"] }, { pages: ["1"], forms: ["9"] })).toBeNull();
  expect(clash({}, {})).toBe("rest");
  const urn = (id: string) => claimOf(linkedin, { organizations: [id] });
  expect(clashOf(linkedin, urn("urn:li:organization:12"), urn("12"))).toMatchObject({
    id: "urn:li:organization:12",
  });
});
