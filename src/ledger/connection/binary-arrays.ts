// Arrays as PostgreSQL takes them in binary: for statements that write hundreds of rows at once, building the text form
// (and escaping every quote of every payload) costs more than anything else that the program does with them.

const headerBytes = 20;
const lengthBytes = 4;
const nullLength = -1;
const oids = { bool: 16, bytea: 17, text: 25, uuid: 2950 } as const;
const uuidBytes = 16;
const uuidCharacters = 36;

/** A parameter for `$n::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? nullLength : Buffer.byteLength(value)));
  const array = allocate(oids.text, lengths);
  let offset = headerBytes;
  values.forEach((value, index) => {
    const length = lengths[index] ?? nullLength;
    offset = array.writeInt32BE(length, offset);
    if (value !== null) offset += array.write(value, offset, "utf8");
  });
  return array;
}

/** A parameter for `$n::uuid[]`; the ids in their usual form of 36 characters. */
export function uuidArray(values: readonly string[]): Buffer {
  const array = allocate(oids.uuid, new Array<number>(values.length).fill(uuidBytes));
  let offset = headerBytes;
  for (const value of values) {
    if (value.length !== uuidCharacters) throw new TypeError("not a UUID in its usual form");
    offset = array.writeInt32BE(uuidBytes, offset);
    for (const from of uuidHexPairs) array[offset++] = hexByte(value, from);
  }
  return array;
}

/** Where the pairs of digits stand in the usual form, between the hyphens. */
const uuidHexPairs = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

function hexByte(text: string, at: number): number {
  return (hexDigit(text.charCodeAt(at)) << 4) | hexDigit(text.charCodeAt(at + 1));
}

function hexDigit(unit: number): number {
  return unit <= 0x39 ? unit - 0x30 : (unit | 0x20) - 0x57;
}

/** A parameter for `$n::bytea[]`. */
export function byteaArray(values: readonly (Buffer | null)[]): Buffer {
  const array = allocate(
    oids.bytea,
    values.map((value) => value?.length ?? nullLength),
  );
  let offset = headerBytes;
  for (const value of values) {
    offset = array.writeInt32BE(value?.length ?? nullLength, offset);
    if (value !== null) offset += value.copy(array, offset);
  }
  return array;
}

/** A parameter for `$n::boolean[]`. */
export function booleanArray(values: readonly boolean[]): Buffer {
  const array = allocate(oids.bool, new Array<number>(values.length).fill(1));
  let offset = headerBytes;
  for (const value of values) {
    offset = array.writeInt32BE(1, offset);
    offset = array.writeUInt8(value ? 1 : 0, offset);
  }
  return array;
}

/** The header of `array_recv`: dimensions, whether there are NULLs, element type, length, lower bound. */
function allocate(oid: number, lengths: readonly number[]): Buffer {
  let bytes = headerBytes;
  for (const length of lengths) bytes += lengthBytes + Math.max(length, 0);
  const array = Buffer.allocUnsafe(bytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(lengths.length, 12);
  array.writeInt32BE(1, 16);
  return array;
}
