import { expect, test } from 'vitest';
import { trafficText } from '../../src/report/traffic-text.js';

test.each<[number, number | undefined, number | undefined, string]>([
  [6, 5432, 5432, 'tcp/5432'],
  [17, 33_434, 33_534, 'udp/33434-33534'],
  [6, 0, 65_535, 'tcp (any port)'],
  [6, 0, 0, 'tcp/0'],
  [6, undefined, undefined, 'tcp'],
  [1, 8 * 256, 8 * 256, 'icmp 8/0'],
  [1, 3 * 256 + 1, 3 * 256 + 4, 'icmp 3/1-3/4'],
  [58, 128 * 256, 128 * 256, 'icmpv6 128/0'],
  [1, 0, 65_535, 'icmp (any type)'],
  [50, undefined, undefined, 'esp'],
  [99, undefined, undefined, 'protocol 99'],
])('protocol %i, ports %s to %s', (protocol, from, to, text) => {
  const ports = from === undefined || to === undefined ? {} : { ports: { from, to } };
  expect(trafficText({ protocol, ...ports })).toBe(text);
});
