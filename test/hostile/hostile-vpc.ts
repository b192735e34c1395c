import { parseAddress } from '../../src/model/address.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';

/** Addresses that captures of the repository and of the corpus are about. */
const ADDRESSES = [
  ...['10.0.0.1', '10.0.0.2', '10.1.1.2', '10.0.1.20', '10.20.1.10', '10.20.1.11', '10.20.2.10'],
  ...[
    '192.168.0.1',
    '192.168.1.2',
    '192.168.1.1',
    '172.16.0.1',
    '127.0.0.1',
    '1.1.1.1',
    '10.0.2.15',
  ],
  ...['fd00:20::10', '2001:db8::1', 'fe80::1', '::1', '2001:470:1f05::1'],
];

/** One interface for each, in three groups with rules of every kind. */
export function hostileVpc(more: readonly string[] = []): Timeline {
  const addresses = [...new Set([...ADDRESSES, ...more])];
  return resolveTimeline(
    describeVpc({
      vpcs: [{ id: 'vpc-1', prefixes: [], place: 'vpc-1' }],
      groups: [
        group('sg-a', ['in tcp/0-1023 0.0.0.0/0', 'out all 0.0.0.0/0', 'out all ::/0']),
        group('sg-b', [
          'in udp/0-65535 10.0.0.0/8',
          'in icmp/8/-1 sg-a',
          'in 50 ::/0',
          'in all ::/0',
        ]),
        group('sg-c', ['in tcp/80 sg-b', 'out udp/53 0.0.0.0/0', 'in 132 0.0.0.0/0']),
      ],
      interfaces: addresses.map((address, i) =>
        eni(
          `eni-${i}`,
          [parseAddress(address) === undefined ? '10.9.9.9' : address],
          [['sg-a', 'sg-b', 'sg-c'][i % 3]!],
        ),
      ),
    }),
  );
}
