import { readFileSync } from 'node:fs';
import { readPermissions } from '../documents/aws-security-groups.js';
import { noFaults } from '../documents/faults.js';
import { type Diagnostic, inputError } from '../model/diagnostic.js';
import type { Refusal, RuleRequest } from '../model/edit.js';
import type { Direction } from '../model/security-group.js';
import { RULE_TYPES, ruleType } from './rule-types.js';
import { parseShorthand } from './shorthand.js';

/** The options by which the AWS CLI names rules, and the console's `type`. */
export interface RuleArguments {
  readonly type?: string | undefined;
  readonly protocol?: string | undefined;
  readonly port?: string | undefined;
  readonly cidr?: string | undefined;
  readonly sourceGroup?: string | undefined;
  readonly groupOwner?: string | undefined;
  readonly ipPermissions?: readonly string[] | undefined;
}

/** The rules that the options name, or AWS's refusal of what they say. Throws InputError for faults of usage. */
export function requestedRules(
  args: RuleArguments,
  groupId: string,
  direction: Direction,
): { readonly rules: readonly RuleRequest[] } | { readonly refusal: Refusal } {
  const simple = simplePermission(args);
  if (simple !== undefined && args.ipPermissions !== undefined) {
    throw usage('--ip-permissions', 'stands beside --protocol, --port, --cidr or the like');
  }
  const permissions = simple === undefined ? listedPermissions(args.ipPermissions ?? []) : [simple];
  const faults = noFaults();
  const place = { file: 'IpPermissions', path: '', faults };
  const rules = readPermissions(permissions, place, { groupId, direction });
  const [fault] = faults.errors;
  return fault === undefined ? { rules: rules.map(request) } : { refusal: refusalOf(fault) };
}

const request = ({ traffic, peer, description }: RuleRequest): RuleRequest => ({
  ...{ traffic, peer },
  ...(description === undefined ? {} : { description }),
});

/** What the single options say, as the AWS CLI makes a permission of them. */
function simplePermission(args: RuleArguments): Record<string, unknown> | undefined {
  const { type, cidr, sourceGroup, groupOwner } = args;
  const named = type === undefined ? undefined : ruleType(type);
  if (type !== undefined && named === undefined) {
    throw usage('--type', `is none of ${RULE_TYPES.join(', ')}`);
  }
  const protocol = args.protocol ?? named?.protocol;
  const port = args.port ?? named?.port;
  if (protocol === undefined && port === undefined && cidr === undefined) {
    if (sourceGroup === undefined) return undefined;
  }
  const [from, to] = port === undefined ? [] : portRange(port);
  return {
    IpProtocol: protocol ?? '-1',
    ...(from === undefined ? {} : { FromPort: from, ToPort: to }),
    ...(cidr === undefined
      ? {}
      : cidr.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: cidr }] }
        : { IpRanges: [{ CidrIp: cidr }] }),
    ...(sourceGroup === undefined
      ? {}
      : {
          UserIdGroupPairs: [
            { GroupId: sourceGroup, ...(groupOwner === undefined ? {} : { UserId: groupOwner }) },
          ],
        }),
  };
}

/** `22`, `22-25`, `-1` or `all`; for ICMP a type, or type and code. */
function portRange(text: string): readonly [number, number] {
  if (text === '-1' || text === 'all') return [-1, -1];
  const [, from, to] = /^(\d{1,6})(?:-(\d{1,6}|-1))?$/.exec(text) ?? [];
  if (from === undefined) throw usage('--port', 'is no port and no range of ports');
  return [Number(from), Number(to ?? from)];
}

/** JSON, `file://` with JSON in it, or the AWS CLI's shorthand. */
function listedPermissions(given: readonly string[]): unknown[] {
  return given.flatMap((text) => {
    const source = text.startsWith('file://') ? readText(text.slice('file://'.length)) : text;
    const shorthand = parseShorthand(source);
    if (shorthand !== undefined) return [shorthand];
    try {
      return [JSON.parse(source) as unknown].flat();
    } catch {
      throw usage('--ip-permissions', 'is neither JSON nor shorthand');
    }
  });
}

function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw inputError('usage', `file://${name}`, `cannot be read (${reason})`, 'check the path');
  }
}

const usage = (option: string, fact: string): Error =>
  inputError('usage', option, fact, 'see `sgsim ec2 --help`');

/** AWS's code for what is wrong with a permission (the table after PR-5). */
function refusalOf({ code, fact }: Diagnostic): Refusal {
  return {
    code: VALUE_FAULTS.has(code) ? 'InvalidParameterValue' : 'InvalidPermission.Malformed',
    message: code === 'port-missing' ? bothFields(fact) : fact,
  };
}

const VALUE_FAULTS = new Set([
  ...['protocol', 'cidr', 'port-value', 'port-range', 'port-missing', 'icmp-type'],
]);

const bothFields = (fact: string): string =>
  `Invalid value for portRange. Must specify both from and to ports with ${fact.startsWith('icmp') ? 'ICMP' : 'TCP/UDP'}.`;
