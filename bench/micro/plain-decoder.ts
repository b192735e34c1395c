/** What a plain decoder makes of a packet: an object, addresses as text. */
export interface PlainPacket {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Of a fragment. */
  readonly id: number;
  readonly offset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Ethernet, IPv4 or IPv6 without extension headers, ports. */
export function decodePlainly(frame: Uint8Array): PlainPacket {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return view.getUint16(12) === 0x0800 ? decodeIpv4(view) : decodeIpv6(view);
}

function decodeIpv4(view: DataView): PlainPacket {
  const end = 14 + (view.getUint8(14) & 15) * 4;
  const offset = (view.getUint16(20) & 0x1fff) * 8;
  return {
    source: ipv4Text(view, 26),
    destination: ipv4Text(view, 30),
    protocol: view.getUint8(23),
    id: view.getUint16(18),
    offset,
    sourcePort: offset === 0 ? view.getUint16(end) : 0,
    destinationPort: offset === 0 ? view.getUint16(end + 2) : 0,
  };
}

function decodeIpv6(view: DataView): PlainPacket {
  return {
    source: ipv6Text(view, 22),
    destination: ipv6Text(view, 38),
    protocol: view.getUint8(20),
    id: 0,
    offset: 0,
    sourcePort: view.getUint16(54),
    destinationPort: view.getUint16(56),
  };
}

const ipv4Text = (view: DataView, at: number): string =>
  `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;

/** Eight groups, zeros and all: enough to tell addresses apart. */
function ipv6Text(view: DataView, at: number): string {
  let text = view.getUint16(at).toString(16);
  for (let i = 2; i < 16; i += 2) text += `:${view.getUint16(at + i).toString(16)}`;
  return text;
}
