// Plants one-line faults in the kernel and shows that the differential test catches each: `npm run faults`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelArguments } from '../../.ci/kernel-arguments.mjs';

const root = join(import.meta.dirname, '..', '..');

/** What goes wrong, the file, the text that stands there once, the text instead. */
const FAULTS = [
  [
    'port interval: upper neighbour',
    'rule-image.ts',
    '<= port) low = middle',
    '< port) low = middle',
  ],
  [
    'covering prefixes: only the longest',
    'rule-image.ts',
    'cover = load<u32>(image + cover, COVER_PARENT);\n  }\n  return first;',
    'cover = 0;\n  }\n  return first;',
  ],
  [
    'last rule instead of first',
    'rule-image.ts',
    'if (always != 0) first = min<u32>(',
    'if (always != 0) first = max<u32>(',
  ],
  [
    'untracked: any-peer rule not asked for',
    'rule-image.ts',
    'if (table == 0) return false;',
    'if (table == 0) return true;',
  ],
  [
    'expiry one nanosecond late',
    'connection.ts',
    'now - c.lastSeen >= idleNs(image, c)',
    'now - c.lastSeen > idleNs(image, c)',
  ],
  [
    'history one nanosecond long',
    'connection.ts',
    'idleNs(image, c) < historyNs',
    'idleNs(image, c) <= historyNs',
  ],
  ['udp stream after one turn', 'connection.ts', 'c.turns >= 2', 'c.turns >= 1'],
  [
    'icmp limit of other protocols',
    'connection.ts',
    'case LAST_ACK:\n    case LIVE_ICMP:',
    'case LAST_ACK:\n      return 30 * SECOND;\n    case LIVE_ICMP:\n      return 600 * SECOND;',
  ],
  [
    'fragments of IPv6 as short as IPv4',
    'connection.ts',
    '? 60 : 30) * SECOND',
    '? 30 : 30) * SECOND',
  ],
  [
    'ports reversed in the key',
    'security-groups.ts',
    '? (<u32>sourcePort << 16) | destinationPort',
    '? (<u32>destinationPort << 16) | sourcePort',
  ],
  [
    'reply direction mistaken',
    'security-groups.ts',
    'const reply = u32(c.direction != direction)',
    'const reply = u32(c.direction == direction)',
  ],
  [
    'icmp error in the same direction',
    'security-groups.ts',
    'const quotedDirection = direction ^ 1',
    'const quotedDirection = direction',
  ],
  [
    'icmp error to anybody',
    'security-groups.ts',
    'row.quoteSourceLo != row.destinationLo',
    'false',
  ],
  [
    'denied opening refreshed by its answers',
    'security-groups.ts',
    'if (fresh) return false;\n  const own',
    'if (fresh) return false;\n  c.lastSeen = row.clockNs;\n  const own',
  ],
  ['SYN does not clear a denial', 'security-groups.ts', 'if (fresh) return false;\n', ''],
  [
    'TIME_WAIT not reopened',
    'security-groups.ts',
    'c.state == TIME_WAIT || c.state == CLOSE',
    'c.state == CLOSE',
  ],
  [
    'swapped packet not asked about',
    'security-groups.ts',
    'return !fresh && startsUntracked(',
    'return false && startsUntracked(',
  ],
  [
    'pings both ways are one flow',
    'security-groups.ts',
    'isIcmpRequest(v6, type) == egress',
    'true',
  ],
  ['SYN with FIN opens', 'protocol.ts', '(SYN | ACK | RST | FIN)', '(SYN | ACK | RST)'],
  ['FIN is forgotten', 'tcp.ts', 'on(ESTABLISHED, EITHER, FIN, FIN_WAIT);', ''],
  ['simultaneous open not known', 'tcp.ts', 'on(SYN_SENT, REPLY, SYN, SYN_SENT2);', ''],
  ['time runs backwards', 'frame.ts', 'clock = max<i64>(clock, time)', 'clock = time'],
  ['VPC router: three addresses', 'exempt.ts', '< 4', '< 3'],
  ['delegated prefixes not held', 'interfaces.ts', 'if (delegated == 0) return 0;', 'return 0;'],
  [
    'source check only',
    'judge.ts',
    '(direction == INGRESS && isMulticast(v6, hi, lo))',
    '(direction == INGRESS)',
  ],
  [
    'the sweep forgets live connections',
    'connection-table.ts',
    'isForgotten(image, record, now,',
    'isForgotten(image, record, now + 40_000_000_000,',
  ],
  [
    'trie: leaves counted one short',
    'prefix-trie.ts',
    'const upTo = (<u64>2 << bit) - 1',
    'const upTo = (<u64>1 << bit) - 1',
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'sgsim-faults-'));
let missed = 0;
try {
  const sound = compile('sound', join(root, 'src', 'kernel'));
  if (!passes(sound)) throw new Error('the kernel fails without any fault');
  for (const [name, file, there, instead] of FAULTS) {
    const copy = join(folder, 'kernel');
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(root, 'src', 'kernel'), copy, { recursive: true });
    const source = readFileSync(join(copy, file), 'utf8');
    if (source.split(there).length !== 2)
      throw new Error(`${name}: not there exactly once in ${file}`);
    writeFileSync(join(copy, file), source.replace(there, instead));
    const caught = !passes(compile('faulty', copy));
    if (!caught) missed++;
    console.log(`${caught ? 'caught' : 'MISSED'}  ${file}: ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${FAULTS.length - missed} of ${FAULTS.length} faults caught`);
process.exitCode = missed === 0 ? 0 : 1;

function compile(name, source) {
  const output = join(folder, `${name}.wasm`);
  const args = [...kernelArguments(join(source, 'kernel.ts')), '-o', output];
  const { status, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'asc'), args, {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return output;
}

function passes(kernel) {
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', 'test/differential'],
    {
      cwd: root,
      env: { ...process.env, KERNEL: kernel },
      stdio: 'ignore',
    },
  );
  return status === 0;
}
