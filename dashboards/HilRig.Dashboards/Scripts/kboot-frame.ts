// A packet's bytes by field, as the manual draws them: 5A | type | length | CRC | payload. The words come from the agent's own codec;
// here only the layout is shown, of the first 38 bytes that a trace keeps.

export interface Field {
  readonly name: string;
  readonly bytes: readonly string[];
  readonly value: string;
}

const start = 0x5a;
const commandType = 0xa4;
const dataType = 0xa5;
const headerSize = 6;

const types: Readonly<Record<number, string>> = {
  0xa1: "ACK",
  0xa2: "NAK",
  0xa3: "ACK_ABORT",
  [commandType]: "command",
  [dataType]: "data",
  0xa6: "ping",
  0xa7: "ping response",
};

export function fieldsOf(hex: string, wire: number): readonly Field[] {
  const bytes = hex.match(/../g) ?? [];
  const at = (index: number) => parseInt(bytes[index] ?? "0", 16);
  const number = (index: number, size: number) => Array.from({ length: size }, (_, n) => at(index + n) * 2 ** (8 * n)).reduce((sum, part) => sum + part, 0);
  const field = (name: string, index: number, size: number, value: string): Field => ({ name, bytes: bytes.slice(index, index + size), value });
  const word = (index: number) => `0x${number(index, 4).toString(16).toUpperCase().padStart(8, "0")} (${number(index, 4)})`;
  const rest = (index: number): Field[] => (index < bytes.length ? [field("payload", index, bytes.length - index, wire > bytes.length ? `${wire - index} bytes, the first ${bytes.length - index} kept` : `${wire - index} bytes`)] : []);

  if (at(0) !== start || bytes.length < 2) return bytes.length ? [field("bytes", 0, bytes.length, "outside any packet")] : [];
  const head = [field("start", 0, 1, "5A"), field("type", 1, 1, types[at(1)] ?? "unknown")];
  if (at(1) !== commandType && at(1) !== dataType) return [...head, ...rest(2)];
  const frame = [...head, field("length", 2, 2, `${number(2, 2)}`), field("CRC", 4, 2, `0x${number(4, 2).toString(16).toUpperCase().padStart(4, "0")}`)];
  if (at(1) === dataType || bytes.length < headerSize + 4) return [...frame, ...rest(headerSize)];
  const count = Math.min(at(headerSize + 3), Math.floor((bytes.length - headerSize - 4) / 4));
  return [
    ...frame,
    field("tag", headerSize, 1, `0x${at(headerSize).toString(16).toUpperCase()}`),
    field("flags", headerSize + 1, 1, at(headerSize + 1) & 1 ? "data phase follows" : "none"),
    field("reserved", headerSize + 2, 1, ""),
    field("parameters", headerSize + 3, 1, `${at(headerSize + 3)}`),
    ...Array.from({ length: count }, (_, index) => field(`parameter ${index + 1}`, headerSize + 4 + 4 * index, 4, word(headerSize + 4 + 4 * index))),
  ];
}
