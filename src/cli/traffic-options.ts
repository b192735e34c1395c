/** Options of every command that makes up traffic. */
export const TRAFFIC_OPTIONS = {
  seed: { type: 'number', default: 1, requiresArg: true, describe: 'another one, other flows' },
  profile: {
    choices: ['mixed', 'port-scan', 'syn-flood'],
    default: 'mixed',
    requiresArg: true,
    describe: 'what kind of traffic',
  },
  flows: { type: 'number', default: 1000, requiresArg: true, describe: 'how many' },
  packets: { type: 'number', requiresArg: true, describe: 'in all [default: 50 a flow]' },
  size: {
    type: 'string',
    requiresArg: true,
    describe: 'of frames with data: imix, 512 or 64-128 bytes [default: imix]',
  },
  s: { type: 'number', requiresArg: true, describe: 'keep so many bytes of a frame' },
  protocols: {
    type: 'string',
    requiresArg: true,
    describe: 'shares of the flows [default: tcp:75,udp:20,icmp:5]',
  },
  ipv6: { type: 'number', requiresArg: true, describe: 'percent of the flows [default: 25]' },
  drop: {
    type: 'number',
    requiresArg: true,
    describe: 'percent of the packets that must be dropped [default: 10]',
  },
  zipf: {
    type: 'number',
    requiresArg: true,
    describe: 'exponent of popularity: who talks with whom [default: 0]',
  },
  rate: {
    type: 'number',
    requiresArg: true,
    describe: 'packets per second of packet time [default: 100000]',
  },
  'new-flows': {
    type: 'number',
    requiresArg: true,
    describe: 'new flows per second of packet time, instead of --rate',
  },
} as const;
