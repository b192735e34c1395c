import fc from 'fast-check';
import type { encodeFrame } from '../../src/generate/frame.js';
import type { Address } from '../../src/model/address.js';
import type { IpPacket, Packet, Transport } from '../../src/model/packet.js';

export interface Sample {
  readonly packet: Packet;
  readonly options: NonNullable<Parameters<typeof encodeFrame>[1]>;
}

/** Packets of every kind that a frame can carry, in frames of every shape. */
export function sample(): fc.Arbitrary<Sample> {
  const mac = fc
    .integer({ min: 0, max: 0xffff })
    .map((n) => `02${n.toString(16).padStart(10, '0')}`);
  const content = fc.oneof(
    { weight: 40, arbitrary: ip().map((value) => ({ kind: 'ip' as const, ip: value })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'non-ip' as const }) },
  );
  return fc.record({
    packet: fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** 60n }), content, fc.option(fc.tuple(mac, mac)))
      .chain(([timeNs, value, macs]) =>
        fc.integer(lengths(value)).map((length) => ({
          timeNs,
          length,
          content: value,
          ...(macs === null ? {} : { sourceMac: macs[0], destinationMac: macs[1] }),
        })),
      ),
    options: fc.record({
      vlan: fc.array(fc.integer({ min: 1, max: 4094 }), { maxLength: 2 }),
      ipv4Options: fc.constantFrom(0, 0, 0, 4, 40),
      extensions: fc.constantFrom<readonly (0 | 43 | 60)[]>([], [], [0], [60], [0, 43, 60]),
    }),
  });
}

function lengths(content: Packet['content']): { min: number; max: number } {
  if (content.kind !== 'ip') return { min: 0, max: 60 };
  const { transport, fragment } = content.ip;
  // Room behind a quote or a message of fixed size reads as an extension of it.
  if (transport?.kind === 'icmp' && ![8, 0, 128, 129].includes(transport.type)) {
    return { min: 0, max: 0 };
  }
  // tshark looks for a transport in a later fragment that has no bytes.
  return { min: (fragment?.offset ?? 0) > 0 ? 200 : 0, max: 1514 };
}

function ip(): fc.Arbitrary<IpPacket> {
  return fc.constantFrom(4 as const, 6 as const).chain((family) =>
    fc.tuple(address(family), address(family)).chain(([source, destination]) =>
      fc.oneof(
        { weight: 8, arbitrary: transport(family, source, destination) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(...[6, 17, family === 4 ? 1 : 58, 253]).chain((protocol) =>
            fc.record({
              source: fc.constant(source),
              destination: fc.constant(destination),
              protocol: fc.constant(protocol),
              fragment: fc.record({
                id: fc.integer({ min: 0, max: family === 4 ? 0xffff : 0x7fffffff }),
                offset: fc.integer({ min: 1, max: 8000 }).map((n) => n * 8),
                more: fc.boolean(),
              }),
            }),
          ),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(253, 254).map((protocol) => ({
            source,
            destination,
            protocol,
          })),
        },
      ),
    ),
  );
}

function transport(family: 4 | 6, source: Address, destination: Address): fc.Arbitrary<IpPacket> {
  const header = (value: Transport): IpPacket => ({
    source,
    destination,
    protocol: value.kind === 'tcp' ? 6 : value.kind === 'udp' ? 17 : family === 4 ? 1 : 58,
    transport: value,
  });
  // Zero payload on a registered port would be dissected as that protocol.
  const port = fc.integer({ min: 60_100, max: 65_535 });
  const id = fc.integer({ min: 0, max: 0xffff });
  const tcp = fc.record({
    kind: fc.constant('tcp' as const),
    sourcePort: port,
    destinationPort: port,
    flags: fc.constantFrom(0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0xc2),
  });
  const udp = fc.record({
    kind: fc.constant('udp' as const),
    sourcePort: port,
    destinationPort: port,
  });
  const query = fc.record({
    kind: fc.constant('icmp' as const),
    type: family === 4 ? fc.constantFrom(8, 0, 13, 14, 17, 18) : fc.constantFrom(128, 129),
    code: fc.constant(0),
    id,
  });
  const quote = fc.oneof<fc.Arbitrary<Transport>[]>(tcp, udp).map((inner) => ({
    ...header(inner),
    source: destination,
    destination: source,
  }));
  const error = fc.record({
    kind: fc.constant('icmp' as const),
    type: family === 4 ? fc.constantFrom(3, 11) : fc.constantFrom(1, 2, 3),
    code: fc.constantFrom(0, 1),
    id: fc.constant(0),
    quote,
  });
  const whole = fc.oneof<fc.Arbitrary<Transport>[]>(tcp, udp, query, error).map(header);
  const first = fc
    .tuple(
      fc.oneof<fc.Arbitrary<Transport>[]>(tcp, udp, query).map(header),
      fc.integer({ min: 0, max: 0xffff }),
    )
    .map(([value, fragmentId]) => ({
      ...value,
      fragment: { id: fragmentId, offset: 0, more: true },
    }));
  return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: first });
}

function address(family: 4 | 6): fc.Arbitrary<Address> {
  const bits = family === 4 ? 32n : 128n;
  const documentation = family === 4 ? 0xc6336400n : 0x20010db8n << 96n; // 198.51.100.0/24, 2001:db8::/32
  return fc
    .bigInt({ min: 1n, max: family === 4 ? 254n : 2n ** 96n - 1n })
    .map((host) => ({ family, value: (documentation | host) % 2n ** bits }));
}
