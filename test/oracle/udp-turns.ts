import { encodeFrame } from '../../src/generate/frame.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, yaml } from '../documents/loading.js';
import { udp } from '../explain/packets.js';
import type { Traffic } from './traffic.js';

/** One host that may ask and whom nobody may ask, with AWS's default idle limits. */
export const udpTurnsWorld = (): VpcDescription =>
  describeVpc(
    yaml(
      'udp.yaml',
      'cidrs: [10.0.0.0/16]',
      'groups: { sg-1: { ingress: [], egress: [udp/53 to any] } }',
      'interfaces: { eni-1: { addresses: [10.0.1.20], groups: [sg-1] } }',
    ),
  );

const ASK = (port: number): string => `10.0.1.20:${port} > 203.0.113.7:53`;
const REPLY = (port: number): string => `203.0.113.7:53 > 10.0.1.20:${port}`;

/**
 * Flows that are no stream by Linux's notion nor by AWS's, and flows that are one by both: two turns, the second more than
 * two seconds after the first. Then silence shorter and longer than each limit.
 */
export function udpTurns(): Traffic {
  const packets = [
    ...[1, 2, 3, 4, 5, 6].map((port) => udp(ASK(port), 1000)),
    ...[3, 4, 5, 6].map((port) => udp(REPLY(port), 1000.01)),
    ...[5, 6].flatMap((port) => [udp(ASK(port), 1004), udp(REPLY(port), 1004.01)]),
    udp(REPLY(1), 1022),
    udp(REPLY(2), 1040),
    udp(REPLY(3), 1022.5),
    udp(REPLY(4), 1040.5),
    udp(REPLY(5), 1004 + 165),
    udp(REPLY(6), 1004 + 195),
  ].sort((one, other) => Number(one.timeNs - other.timeNs));
  const frames = packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) }));
  return { frames, linkType: 1 };
}
