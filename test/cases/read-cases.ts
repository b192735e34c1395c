import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Descriptions and verdicts that other projects published; not part of the repository. */
const CORPUS = '../shared/corpus';
export const missing = !existsSync(CORPUS);
export const titled = (title: string): string =>
  missing ? `${title}: skipped, ${CORPUS} is absent` : title;

/** A flow and what the publishing project's own tests say of it. Texts are as the tables have them. */
interface Case {
  readonly config: string;
  readonly src: string;
  readonly dst: string;
  readonly proto: string;
  readonly sport: string;
  readonly dport: string;
  readonly expected: string;
  /** File and test that say so. */
  readonly where: string;
}

export interface BatfishCase extends Case {
  /** Which security group decides, at which instance, or that none does. */
  readonly sg_verdict: string;
  /** Nodes on the way, the sender first. */
  readonly hops: string;
}

export interface NpguardCase extends Case {
  readonly vpc: string;
  readonly src_name: string;
  readonly dst_name: string;
  readonly decided_by: string;
}

export const readBatfish = (): BatfishCase[] =>
  readTable('batfish.tsv') as unknown as BatfishCase[];
export const readNpguard = (): NpguardCase[] =>
  readTable('npguard.tsv') as unknown as NpguardCase[];

/** The document or folder of documents of a case. */
export const vpcPath = (name: string): string => join(CORPUS, 'vpc', name);

/** Rows by column name; none when the corpus is absent, for tests are named before they are skipped. */
function readTable(name: string): Record<string, string>[] {
  if (missing) return [];
  const lines = readFileSync(join(CORPUS, 'cases', name), 'utf8')
    .trimEnd()
    .split('\n');
  const [columns, ...rows] = lines.map((line) => line.split('\t'));
  return rows.map((cells) =>
    Object.fromEntries(columns!.map((column, at) => [column, cells[at] ?? ''])),
  );
}
