import { findTarget } from '../edits/target.js';
import { type Address, formatAddress } from '../model/address.js';
import { questionFault, type FlowEnd, type FlowQuestion } from '../model/flow-question.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { internetAddress } from './internet.js';
import { nearNames } from './near-names.js';

/** One of those who stand at an end of a question. */
export interface Member {
  /** As answers name it: `eni-a (web-1)`, an address, or `internet`. */
  readonly label: string;
  /** Of an interface. */
  readonly eni?: string;
  /** What it sends from or is sent to, by family. */
  readonly address: { readonly 4?: Address; readonly 6?: Address };
}

/** Who stands at an end: one or several, of which `several` is set even if they are few. */
export interface Members {
  readonly members: readonly Member[];
  /** A name that more than one interface may carry. */
  readonly several: boolean;
}

/** Finds who an end means. Throws InputError with a caret under a name that means nobody, or two things. */
export function membersOf(
  end: FlowEnd,
  question: FlowQuestion,
  description: VpcDescription,
): Members {
  const found = findMembers(end, question, description);
  if (found.members.length > 0) return found;
  const name = question.text.slice(end.span.at, end.span.at + end.span.length);
  const fact = `no interface carries ${name}`;
  throw questionFault(question.text, end.span, fact, 'write an address instead');
}

/** The same, but for a group that no interface carries there are no members. */
export function findMembers(
  end: FlowEnd,
  question: Pick<FlowQuestion, 'text'>,
  description: VpcDescription,
): Members {
  switch (end.kind) {
    case 'address': {
      const { address } = end;
      const member = { label: formatAddress(address), address: { [address.family]: address } };
      return { members: [member], several: false };
    }
    case 'internet':
      return { members: [internet(description)], several: false };
    case 'any': {
      const members = [...description.interfaces.map(memberOf), internet(description)];
      return { members, several: true };
    }
    case 'name':
      return membersNamed(end.name, description, (fact, fix) =>
        questionFault(question.text, end.span, fact, fix),
      );
  }
}

const internet = (description: VpcDescription): Member => ({
  label: 'internet',
  address: { 4: internetAddress(4, description), 6: internetAddress(6, description) },
});

type Fault = (fact: string, fix: string) => Error;

/** Ids go before names. A name that several interfaces have means all of them. */
function membersNamed(name: string, description: VpcDescription, fault: Fault): Members {
  const { interfaces, groups } = description;
  const byId = interfaces.find(({ id }) => id === name);
  if (byId !== undefined) return { members: [memberOf(byId)], several: false };
  if (interfaces.some(({ instanceId }) => instanceId === name)) {
    const { eni } = findTarget(description, name);
    if (eni !== undefined) return { members: [memberOf(eni)], several: false };
    const fact = `which interface of ${name} is the primary one is not known`;
    throw fault(fact, 'name the interface');
  }
  if (isGroup(name, description)) return carriers(name, interfaces);
  const named = interfaces.filter((eni) => eni.name === name);
  const groupsNamed = groups.filter((group) => group.name === name);
  if (named.length + groupsNamed.length === 0) throw unknown(name, description, fault);
  if (groupsNamed.length > 1 || (groupsNamed.length === 1 && named.length > 0)) {
    const ids = [...named, ...groupsNamed].map(({ id }) => id);
    throw fault(`${name} is the name of ${listed(ids, 'and')}`, 'write the id of one');
  }
  const [group] = groupsNamed;
  if (group !== undefined) return carriers(group.id, interfaces);
  return { members: named.map(memberOf), several: named.length > 1 };
}

/** Documents need not describe a group that interfaces carry. */
const isGroup = (id: string, { interfaces, groups }: VpcDescription): boolean =>
  groups.some((group) => group.id === id) ||
  interfaces.some(({ groupIds }) => groupIds.includes(id));

function carriers(id: string, interfaces: readonly NetworkInterface[]): Members {
  const members = interfaces.filter(({ groupIds }) => groupIds.includes(id)).map(memberOf);
  return { members, several: true };
}

function memberOf({ id, name, addresses }: NetworkInterface): Member {
  const [ipv4, ipv6] = [4, 6].map((wanted) => addresses.find(({ family }) => family === wanted));
  return {
    label: name === undefined ? id : `${id} (${name})`,
    eni: id,
    address: { ...(ipv4 && { 4: ipv4 }), ...(ipv6 && { 6: ipv6 }) },
  };
}

/** Names proposed for one that is not known, and characters of that. */
const PROPOSED = 3;
const SHOWN = 60;

function unknown(name: string, { interfaces, groups }: VpcDescription, fault: Fault): Error {
  const ids = [...interfaces, ...groups].flatMap((noun) => [noun.id, noun.name ?? noun.id]);
  const instances = interfaces.flatMap(({ instanceId }) => instanceId ?? []);
  const near = nearNames(name, [...ids, ...instances, 'internet', 'any'], PROPOSED);
  const shown = name.length <= SHOWN ? name : `${name.slice(0, SHOWN).toWellFormed()}...`;
  const fact = `'${shown}' names no interface, instance or group of the VPC`;
  if (near.length > 0) return fault(fact, `did you mean ${listed(near, 'or')}?`);
  return fault(fact, 'write an address, or an id or name that the documents have');
}

/** Ids that a message lists. */
const LISTED = 4;

function listed(names: readonly string[], word: 'and' | 'or'): string {
  const shown = names.slice(0, LISTED);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} ${word} ${rest} more`;
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter((part) => part).join(` ${word} `);
}
