/**
 * An ICMP type and code in words and numbers: `echo request (8/0)`, `destination unreachable, port (3/3)`, `type 99 (99/0)`.
 * Names after the IANA registries of ICMP and ICMPv6 parameters.
 */
export function icmpText(family: 4 | 6, type: number, code: number): string {
  const [name = `type ${type}`, codes = []] = (family === 4 ? TYPES : TYPES_V6).get(type) ?? [];
  const detail = codes[code];
  return `${name}${detail === undefined ? '' : `, ${detail}`} (${type}/${code})`;
}

/** Name of a type, and of its codes from 0. */
type Names = ReadonlyMap<number, readonly [string, (readonly (string | undefined)[])?]>;

const TYPES: Names = new Map([
  [0, ['echo reply']],
  [
    3,
    [
      'destination unreachable',
      [
        'network',
        'host',
        'protocol',
        'port',
        'fragmentation needed',
        'source route failed',
        'network unknown',
        'host unknown',
        'source host isolated',
        'network prohibited',
        'host prohibited',
        'network for this service',
        'host for this service',
        'prohibited',
      ],
    ],
  ],
  [4, ['source quench']],
  [5, ['redirect']],
  [8, ['echo request']],
  [9, ['router advertisement']],
  [10, ['router solicitation']],
  [11, ['time exceeded', ['in transit', 'in reassembly']]],
  [12, ['parameter problem']],
  [13, ['timestamp request']],
  [14, ['timestamp reply']],
  [15, ['information request']],
  [16, ['information reply']],
  [17, ['address mask request']],
  [18, ['address mask reply']],
]);

const TYPES_V6: Names = new Map([
  [
    1,
    [
      'destination unreachable',
      [
        'no route',
        'prohibited',
        'beyond scope',
        'address',
        'port',
        'source policy',
        'route rejected',
      ],
    ],
  ],
  [2, ['packet too big']],
  [3, ['time exceeded', ['in transit', 'in reassembly']]],
  [4, ['parameter problem']],
  [128, ['echo request']],
  [129, ['echo reply']],
  [130, ['multicast listener query']],
  [131, ['multicast listener report']],
  [132, ['multicast listener done']],
  [133, ['router solicitation']],
  [134, ['router advertisement']],
  [135, ['neighbor solicitation']],
  [136, ['neighbor advertisement']],
  [137, ['redirect']],
  [143, ['multicast listener report']],
]);
