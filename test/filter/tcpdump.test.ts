import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compileFilter } from '../../src/filter/compile.js';
import { linkLayerOf } from '../../src/filter/link.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { InputError } from '../../src/model/diagnostic.js';
import { framesOf } from '../capture/frames-of.js';
import { EXPRESSIONS } from './expressions.js';
import { createFilterRoom, type Filtered } from './filter-room.js';
import { LINK_TYPES, linkFrames } from './link-frames.js';

// Every expression takes as many frames of every capture as tcpdump takes, or both refuse it.

const absent = spawnSync('tcpdump', ['--version']).error !== undefined;
if (absent) console.warn('tcpdump is not installed: filters are not checked against it');

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/captures/', import.meta.url));
const corpusAbsent = !existsSync(CORPUS);
if (corpusAbsent) console.warn('../shared is absent: filters are not checked on foreign captures');

const FULL = process.env.ORACLE === 'full';

/** Different link types and encapsulations, fragments, cut and damaged frames. */
const CAPTURES = `
arkime__pcap__arkime_synthetic.pcap arkime__pcap__v6.pcap ndpi__fuzz-2006-06-26-2594.pcap
ndpi__ip_fragmented_garbage.pcap ndpi__nfsv2.pcap tcpdump__dns-badcookie.pcap tcpdump__forces2.pcap
tcpdump__LINKTYPE_IPV6.pcap tcpdump__LINKTYPE_RAW_ipv4.pcap tcpreplay__test.rewrite_vlan802.1ad
suricata-verify__decode-sll2-01__input.pcap zeek__mixed-vlan-mpls.pcap zeek__pppoe-over-qinq.pcap
zeek__trunc__ip4-trunc.pcap zeek__trunc__icmp-header-trunc.pcap zeek__tcp__timeout-with-pings.pcap
suricata-verify__defrag__bug-6887-defrag-ppp-ipv6-tcp__frag-ppp-ipv6-tcp.pcap`
  .trim()
  .split(/\s+/);

/** All classic captures of the corpus that are not compressed, and of which more than the length can be asked. */
function everyCapture(): string[] {
  return readdirSync(CORPUS).filter((name) => {
    try {
      const { linkType } = framesOf(readFileSync(join(CORPUS, name)));
      return linkLayerOf(linkType) !== undefined;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  });
}

const SMALL = 4096;
const few = EXPRESSIONS.filter((_, i) => i % 3 === 0);

describe.skipIf(absent || corpusAbsent)('counts of foreign captures', { timeout: 300_000 }, () => {
  it.each(FULL && !corpusAbsent ? everyCapture() : CAPTURES)('%s', async (name) => {
    const path = join(CORPUS, name);
    const file = readFileSync(path);
    const { frames, linkType } = framesOf(file);
    const asked = FULL || file.length > SMALL ? EXPRESSIONS : few;
    expect(await differences(path, linkType, frames, asked)).toEqual([]);
  });
});

describe.skipIf(absent)('counts of made frames, some cut or damaged', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-filter-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  it.each(LINK_TYPES)('link type %i', async (linkType) => {
    const path = join(folder, `${linkType}.pcap`);
    const frames = linkFrames(linkType, 2000, 20_260_414 + linkType);
    writeFileSync(path, encodePcap(frames, { linkType }));
    const asked = FULL || linkType === 1 ? EXPRESSIONS : few;
    expect(await differences(path, linkType, frames, asked)).toEqual([]);
  });

  afterAll(() => console.log(`${compared} counts of filters compared with tcpdump's`));
});

/**
 * Where a frame is cut, libpcap's optimizer changes the answer: it moves a test that the frame can answer before one
 * that it cannot, or drops one that cannot change the result. These are compared without the optimizer.
 */
const UNOPTIMIZED = new Set([
  'port 80 or 443 or 53',
  'port (80 or 443 or 53)',
  'tcp or 1 = 1',
  'host (10.0.0.1 or 192.168.1.1 or (192.168.170.8 and 192.168.170.20))',
  '(tcp or udp) and (port 53 or port 80) and not host 10.0.0.1',
]);

const AT_ONCE = 4;
const room = absent ? undefined : createFilterRoom();

let compared = 0;

/** Expressions of which both do not say the same. */
async function differences(
  path: string,
  linkType: number,
  frames: readonly Filtered[],
  expressions: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  const waiting = expressions.values();
  const work = async (): Promise<void> => {
    for (const expression of waiting) {
      const theirs = await countOfTcpdump(path, expression);
      const ours = countOfKernel(expression, linkType, frames);
      compared++;
      if (ours !== theirs) found.push(`${expression}: ${ours}, tcpdump ${theirs}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

type Count = number | 'refused';

function countOfKernel(expression: string, linkType: number, frames: readonly Filtered[]): Count {
  try {
    return room!.run(compileFilter(expression, linkType), frames).filter(Boolean).length;
  } catch (error) {
    if (error instanceof InputError) return 'refused';
    throw error;
  }
}

/** tcpdump refuses a filter that no frame can pass; that is a count of none. */
function countOfTcpdump(path: string, expression: string): Promise<Count> {
  return new Promise((resolve) => {
    const plain = UNOPTIMIZED.has(expression) ? ['-O'] : [];
    const options = [...plain, '-r', path, '--count', `(${expression})`];
    execFile('tcpdump', options, (_, stdout, stderr) => {
      const count = /^(\d+) packets?$/m.exec(stdout);
      if (count !== null) resolve(Number(count[1]));
      else resolve(stderr.includes('rejects all packets') ? 0 : 'refused');
    });
  });
}
