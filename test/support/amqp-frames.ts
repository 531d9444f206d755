// Frames that a broker sends (AMQP 0-9-1 section 4.2.3), for what a real one cannot be brought to say in a test.

/** Ends channel 1 with this reply code. */
export function channelClose(replyCode: number, replyText: string): Buffer {
  const methodAtFault = [60, 40];
  return methodFrame(1, [20, 40], [uint16(replyCode), shortText(replyText), ...methodAtFault.map(uint16)]);
}

/** The broker takes nothing until further notice. */
export function connectionBlocked(reason: string): Buffer {
  return methodFrame(0, [10, 60], [shortText(reason)]);
}

function methodFrame(channel: number, method: readonly number[], args: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([...method.map(uint16), ...args]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(payload.length);
  return Buffer.concat([Buffer.from([1]), uint16(channel), size, payload, Buffer.from([0xce])]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}
