import { describe, expect, test } from 'vitest';
import type { Packet } from '../../src/model/packet.js';
import { describeVpc, eni, prefixes } from '../policy/describe-vpc.js';
import { bare, tcp, udp, withMacs } from './packets.js';
import { answerText, check, host, judgeOne, subnetWorld } from './story.js';

const ROUTER_MAC = '020000000001';
const A_MAC = '02000000000a';

/** The code of a lone packet. */
function code(packet: Packet, vpc = subnetWorld()): string {
  return judgeOne(vpc, packet).code;
}

describe('NI-3: source/dest check', () => {
  const from = (source: string, destination = '203.0.113.7') =>
    withMacs(tcp(`${source}:1 > ${destination}:2`, 'S'), A_MAC, ROUTER_MAC);
  const to = (destination: string) =>
    withMacs(tcp(`203.0.113.7:1 > ${destination}:2`, 'S'), ROUTER_MAC, A_MAC);

  test('egress source and ingress destination must be the interface’s own', () => {
    expect(code(from('198.51.100.9'))).toBe('source-dest-check');
    expect(code(to('198.51.100.9'))).toBe('source-dest-check');
    expect(code(from('10.0.1.20'))).toBe('rule');
    expect(code(to('10.0.1.20'))).toBe('rule');
  });

  test('it comes before the exemptions', () => {
    expect(code(from('198.51.100.9', '169.254.169.254'))).toBe('source-dest-check');
  });

  test('switched off, the groups judge', () => {
    const off = subnetWorld({ sourceDestCheck: false });
    expect(code(from('198.51.100.9'), off)).toBe('rule');
    expect(code(to('198.51.100.9'), off)).toBe('rule');
  });

  test('delegated prefixes are its own, but for exact addresses of another interface', () => {
    const vpc = subnetWorld({ delegated: prefixes('10.0.1.16/28') });
    expect(code(from('10.0.1.17'), vpc)).toBe('rule');
    const neighbour = eni('eni-c', ['10.0.1.17'], ['sg-a']);
    const three = { ...vpc, interfaces: [...vpc.interfaces, neighbour] };
    expect(code(from('10.0.1.17'), three)).toBe('source-dest-check');
    expect(code(from('10.0.1.18'), three)).toBe('rule');
  });

  test('unspecified and link-local addresses pass the check', () => {
    expect(code(from('0.0.0.0'))).toBe('rule');
    expect(code(from('169.254.0.5'))).toBe('rule');
    const six = withMacs(bare('fe80::5 > 2001:db8:1::7', 50), A_MAC, ROUTER_MAC);
    expect(code(six)).toBe('rule');
  });

  test('NF-4: multicast and broadcast pass it on ingress only, to be dropped for what they are', () => {
    expect(code(to('224.0.0.251'))).toBe('unsupported-by-vpc');
    expect(code(to('255.255.255.255'))).toBe('unsupported-by-vpc');
    expect(code(to('10.0.1.255'))).toBe('unsupported-by-vpc');
    expect(code(from('224.0.0.251'))).toBe('source-dest-check');
  });
});

describe('NF-1, NF-2: exempt', () => {
  test.each([
    ['169.254.169.253', 'exempt', 'DNS, IMDS, time: link-local'],
    ['169.254.0.0', 'exempt', 'first of the range'],
    ['169.255.0.0', 'rule', 'behind it'],
    ['10.0.1.0', 'exempt', 'first of the subnet'],
    ['10.0.1.3', 'exempt', 'fourth of the subnet'],
    ['10.0.1.4', 'rule', 'fifth of the subnet'],
    ['10.0.0.2', 'exempt', 'resolver: primary VPC block plus two'],
    ['10.0.0.1', 'rule', 'router of another subnet'],
    ['192.0.2.53', 'rule', 'another DNS server'],
  ])('IPv4 %s: %s (%s)', (remote, expected) => {
    expect(code(udp(`10.0.1.20:4000 > ${remote}:53`))).toBe(expected);
    expect(code(udp(`${remote}:53 > 10.0.1.20:4000`))).toBe(expected);
  });

  test.each([
    ['fd00:ec2::253', 'exempt'],
    ['fd00:ec3::253', 'rule'],
    ['fe80::1', 'exempt'],
    ['fec0::1', 'rule'],
    ['2001:db8::3', 'exempt'],
    ['2001:db8::4', 'rule'],
  ])('IPv6 %s: %s', (remote, expected) => {
    expect(code(udp(`[2001:db8::20]:4000 > [${remote}]:53`))).toBe(expected);
    expect(code(udp(`[${remote}]:53 > [2001:db8::20]:4000`))).toBe(expected);
  });

  test('DHCP by both of its ports, whatever the addresses', () => {
    const discover = withMacs(udp('0.0.0.0:68 > 255.255.255.255:67'), A_MAC, 'ffffffffffff');
    expect(code(discover)).toBe('exempt');
    expect(code(udp('203.0.113.7:67 > 10.0.1.20:68'))).toBe('exempt');
    expect(code(udp('203.0.113.7:67 > 10.0.1.20:69'))).toBe('rule');
    expect(code(udp('[2001:db8:1::7]:547 > [2001:db8::20]:546'))).toBe('exempt');
    expect(code(udp('[2001:db8:1::7]:67 > [2001:db8::20]:68'))).toBe('rule');
    expect(code(udp('203.0.113.7:547 > 10.0.1.20:546'))).toBe('rule');
  });

  test('without any interface: by range or as DHCP, with no one asked', () => {
    const verdict = judgeOne(subnetWorld(), udp('192.0.2.9:4000 > 169.254.169.253:53'));
    expect(answerText(verdict)).toBe('not-filtered exempt');
    expect(verdict.at).toEqual([]);
    expect(code(udp('0.0.0.0:68 > 255.255.255.255:67'))).toBe('exempt');
    expect(code(udp('169.254.3.4:5353 > 224.0.0.251:5353'))).toBe('no-interface');
    expect(code(udp('[fe80::5]:5353 > [ff02::fb]:5353'))).toBe('no-interface');
    expect(code(udp('169.254.3.4:137 > 255.255.255.255:137'))).toBe('no-interface');
  });

  test('NF-2: exempt traffic makes no state', () => {
    const vpc = host(['in udp/53 203.0.113.0/24']);
    check(vpc, [
      [udp('169.254.169.253:53 > 10.0.1.20:4000'), 'not-filtered exempt'],
      [udp('10.0.1.20:4000 > 169.254.169.253:53'), 'not-filtered exempt'],
    ]);
  });
});

describe('NF-4: unsupported by the VPC', () => {
  test.each([
    ['224.0.0.1', 'unsupported-by-vpc'],
    ['239.255.255.255', 'unsupported-by-vpc'],
    ['240.0.0.1', 'rule'],
    ['255.255.255.255', 'unsupported-by-vpc'],
    ['10.0.1.255', 'unsupported-by-vpc'],
    ['10.0.2.255', 'rule'],
  ])('IPv4 %s: %s', (destination, expected) => {
    expect(code(udp(`10.0.1.20:4000 > ${destination}:5000`))).toBe(expected);
  });

  test('IPv6 multicast, but not the last address of a subnet', () => {
    expect(code(udp('[2001:db8::20]:1 > [ff02::fb]:5353'))).toBe('unsupported-by-vpc');
    expect(code(udp('[2001:db8::20]:1 > [2001:db8::ffff:ffff:ffff:ffff]:2'))).toBe('rule');
  });

  test('SG-7: at an interface without groups as well', () => {
    const bareWorld = describeVpc({ interfaces: [eni('eni-nat', ['10.0.0.9'], [])] });
    expect(code(udp('10.0.0.9:1 > 224.0.0.1:2'), bareWorld)).toBe('unsupported-by-vpc');
  });
});
