/** Blocks of pcapng as bytes, whatever they hold: for tests that hand out faulty ones. */
export interface BlockBytes {
  readonly section: (
    version?: readonly [number, number],
    options?: Uint8Array,
    magic?: number,
  ) => Buffer;
  /** `linkType` Ethernet unless told. */
  readonly card: (options?: Uint8Array, linkType?: number, snapLength?: number) => Buffer;
  readonly packet: (ticks: bigint, bytes: Uint8Array) => Buffer;
  readonly enhanced: (packet: BlockPacket) => Buffer;
  readonly old: (packet: BlockPacket) => Buffer;
  readonly simple: (packet: Pick<BlockPacket, 'bytes' | 'wire'>) => Buffer;
  /** Any block. */
  readonly block: (type: number, body: Uint8Array) => Buffer;
  readonly option: (code: number, value: Uint8Array | string, claimed?: number) => Buffer;
}

/** Packet of an interface, by its number. */
export interface BlockPacket {
  readonly card: number;
  /** Of the interface's clock. */
  readonly ticks: bigint;
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly options?: Uint8Array;
}

export function blocksIn(order: 'little' | 'big'): BlockBytes {
  const little = order === 'little';
  const numbers = (
    ...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number | bigint])[]
  ): Buffer => {
    const all = fields.map(([size, value]) => {
      const view = new DataView(new ArrayBuffer(size));
      if (size === 2) view.setUint16(0, Number(value), little);
      else if (size === 4) view.setUint32(0, Number(value), little);
      else view.setBigInt64(0, BigInt(value), little);
      return Buffer.from(view.buffer);
    });
    return Buffer.concat(all);
  };
  const padded = (bytes: Uint8Array): Buffer =>
    Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const block = (type: number, ...parts: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts);
    const size = numbers([4, body.length + 12]);
    return Buffer.concat([numbers([4, type]), size, body, size]);
  };
  const none = Buffer.alloc(0);
  const enhanced = ({ card, ticks, bytes, wire, options = none }: BlockPacket): Buffer =>
    block(
      6,
      numbers([4, card], [4, ticks >> 32n], [4, ticks & 0xffff_ffffn]),
      numbers([4, bytes.length], [4, wire]),
      padded(bytes),
      options,
    );
  return {
    section: ([major, minor] = [1, 0], options = none, magic = 0x1a2b3c4d) =>
      block(0x0a0d0d0a, numbers([4, magic], [2, major], [2, minor], [8, -1]), options),
    card: (options = none, linkType = 1, snapLength = 0) =>
      block(1, numbers([2, linkType], [2, 0], [4, snapLength]), options),
    packet: (ticks, bytes) => enhanced({ card: 0, ticks, bytes, wire: 60 }),
    enhanced,
    old: ({ card, ticks, bytes, wire, options = none }) =>
      block(
        2,
        numbers([2, card], [2, 0], [4, ticks >> 32n], [4, ticks & 0xffff_ffffn]),
        numbers([4, bytes.length], [4, wire]),
        padded(bytes),
        options,
      ),
    simple: ({ bytes, wire }) => block(3, numbers([4, wire]), padded(bytes)),
    block,
    option: (code, value, claimed) => {
      const bytes = Buffer.from(value);
      return Buffer.concat([numbers([2, code], [2, claimed ?? bytes.length]), padded(bytes)]);
    },
  };
}
