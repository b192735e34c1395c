import type { Direction, Rule } from './security-group.js';

/** Something that differs between two VPC descriptions and can change a verdict. */
export type VpcChange = RuleChange | SettingChange;

/** Rules of one group in one direction. What both sides admit alike, in however many rules and whatever order, is no change. */
export interface RuleChange {
  readonly kind: 'rules';
  readonly groupId: string;
  /** Absent where it is the id. */
  readonly groupName?: string;
  readonly direction: Direction;
  /** Rules that admit what the other side does not, and those that overlap them; empty: rules were added. */
  readonly before: readonly Rule[];
  /** Empty: rules were removed. */
  readonly after: readonly Rule[];
  /** Something is admitted no more, or tracked now. */
  readonly narrows: boolean;
  /** Something more is admitted, or is not tracked any more. */
  readonly widens: boolean;
}

/** Anything but a group's rules. */
export interface SettingChange {
  readonly kind: SettingKind;
  /** Id of what changed. */
  readonly subject: string;
  readonly name?: string;
  /** What it was; absent: it was not there. */
  readonly before?: string;
  /** What it is; absent: it is gone. */
  readonly after?: string;
}

export const SETTING_KINDS = [
  'group',
  'interface',
  'groups',
  'addresses',
  'source-dest-check',
  'idle-limits',
  'mac',
  'type',
  'instance',
  'subnet',
  'vpc',
  'prefix-list',
  'reference',
  'peering',
  'association',
  'transit-attachment',
  'path',
] as const;

export type SettingKind = (typeof SETTING_KINDS)[number];
