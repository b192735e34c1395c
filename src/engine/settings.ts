import {
  EXEMPT_ADDRESSES,
  EXEMPT_SERVICES,
  MIDSTREAM_HISTORY,
  MIDSTREAM_PICKUP,
  MIDSTREAM_STRICT,
  PHASE_FROM,
  PHASE_IMAGE,
  PHASE_SIZE,
  RELATED_ALL,
  RELATED_NONE,
  RELATED_PMTUD,
  SETTINGS_ACCOUNTS,
  SETTINGS_AUTO_TRACKED,
  SETTINGS_CAPTURES,
  SETTINGS_CAPTURE_COUNT,
  SETTINGS_CHECKSUMS,
  SETTINGS_DECAP,
  SETTINGS_EXEMPT,
  SETTINGS_HISTORY,
  SETTINGS_MAX_TRACKED,
  SETTINGS_MIDSTREAM,
  SETTINGS_PHASES,
  SETTINGS_PHASE_COUNT,
  SETTINGS_RELATED,
  SETTINGS_REMEMBER_DENIED,
  SETTINGS_SEED,
  SETTINGS_SIZE,
  SETTINGS_VNIS,
  SETTINGS_VNI_COUNT,
  VNI_CAPTURE,
  VNI_NUMBER,
  VNI_SIZE,
} from '../kernel/layout.js';
import { RECALLED_SECONDS } from '../model/evidence.js';
import { AUTO_TRACKED } from '../model/path.js';
import type { TrackingOptions } from '../model/tracking.js';
import { PATH_KINDS } from '../model/vpc.js';
import { allocate, viewAt } from './memory.js';

const MIDSTREAM = {
  history: MIDSTREAM_HISTORY,
  strict: MIDSTREAM_STRICT,
  pickup: MIDSTREAM_PICKUP,
} as const;
const RELATED = { all: RELATED_ALL, pmtud: RELATED_PMTUD, none: RELATED_NONE } as const;
const EXEMPT = { addresses: EXEMPT_ADDRESSES, services: EXEMPT_SERVICES } as const;

/** Captures of which some tell their interface: address and length of the table, see layout.ts. */
export interface CaptureTable {
  readonly table: number;
  readonly count: number;
}

/** How frames are decoded. */
export interface DecodeSettings {
  /** DECAP bits of layout.ts: which tunnels are peeled. */
  readonly decap: number;
  /** VXLAN and GENEVE networks whose packets count as those of another capture. */
  readonly vnis: readonly { readonly vni: number; readonly capture: number }[];
  /** Whether wrong checksums are counted. */
  readonly checksums?: boolean;
}

/** Writes settings for an instance that only decodes; returns their address. */
export function writeDecodeSettings(memory: WebAssembly.Memory, decode: DecodeSettings): number {
  const settings = allocate(memory, SETTINGS_SIZE);
  setDecode(memory, settings, decode);
  return settings;
}

/**
 * Writes what all instances of a replay go by; returns its address. `image` is an address. `accounts`: whether connections
 * have accounts, and are kept for RECALLED_SECONDS after they are over.
 */
export function writeSettings(
  memory: WebAssembly.Memory,
  phases: readonly { readonly fromNs: bigint; readonly image: number }[],
  tracking: TrackingOptions,
  seed: bigint,
  captures: CaptureTable = { table: 0, count: 0 },
  decode: DecodeSettings = { decap: 0, vnis: [] },
  accounts = false,
): number {
  const table = allocate(memory, phases.length * PHASE_SIZE);
  const rows = viewAt(memory, table, phases.length * PHASE_SIZE);
  phases.forEach(({ fromNs, image }, i) => {
    rows.setBigInt64(i * PHASE_SIZE + PHASE_FROM, fromNs, true);
    rows.setUint32(i * PHASE_SIZE + PHASE_IMAGE, image, true);
  });
  const settings = allocate(memory, SETTINGS_SIZE);
  const view = viewAt(memory, settings, SETTINGS_SIZE);
  const autoTracked = AUTO_TRACKED[tracking.autoTracked].reduce(
    (bits, kind) => bits | (1 << PATH_KINDS.indexOf(kind)),
    0,
  );
  const words: readonly (readonly [at: number, value: number])[] = [
    [SETTINGS_PHASES, table],
    [SETTINGS_PHASE_COUNT, phases.length],
    [SETTINGS_MIDSTREAM, MIDSTREAM[tracking.midstream]],
    [SETTINGS_REMEMBER_DENIED, tracking.denied === 'remember' ? 1 : 0],
    [SETTINGS_RELATED, RELATED[tracking.related]],
    [SETTINGS_EXEMPT, EXEMPT[tracking.exempt]],
    [SETTINGS_AUTO_TRACKED, autoTracked],
    [SETTINGS_CAPTURES, captures.table],
    [SETTINGS_CAPTURE_COUNT, captures.count],
    [SETTINGS_MAX_TRACKED, tracking.maxTracked ?? 0],
  ];
  for (const [at, value] of words) view.setUint32(at, value, true);
  view.setBigInt64(SETTINGS_HISTORY, BigInt(tracking.historySeconds) * 1_000_000_000n, true);
  view.setBigUint64(SETTINGS_SEED, seed, true);
  const recalledSeconds = accounts ? RECALLED_SECONDS : 0;
  view.setBigInt64(SETTINGS_ACCOUNTS, BigInt(recalledSeconds) * 1_000_000_000n, true);
  setDecode(memory, settings, decode);
  return settings;
}

function setDecode(
  memory: WebAssembly.Memory,
  settings: number,
  { decap, vnis, checksums = false }: DecodeSettings,
): void {
  const view = viewAt(memory, settings, SETTINGS_SIZE);
  view.setUint32(SETTINGS_DECAP, decap, true);
  view.setUint32(SETTINGS_CHECKSUMS, checksums ? 1 : 0, true);
  if (vnis.length === 0) return;
  const table = allocate(memory, vnis.length * VNI_SIZE);
  const entries = viewAt(memory, table, vnis.length * VNI_SIZE);
  vnis
    .toSorted((one, other) => one.vni - other.vni)
    .forEach(({ vni, capture }, i) => {
      entries.setUint32(i * VNI_SIZE + VNI_NUMBER, vni, true);
      entries.setUint32(i * VNI_SIZE + VNI_CAPTURE, capture, true);
    });
  view.setUint32(SETTINGS_VNIS, table, true);
  view.setUint32(SETTINGS_VNI_COUNT, vnis.length, true);
}
