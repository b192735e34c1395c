import type { Argv } from 'yargs';

const text = { type: 'string', requiresArg: true } as const;
const needed = { ...text, demandOption: true } as const;
const list = { type: 'string', array: true, requiresArg: true } as const;

const GROUP = {
  'group-id': { ...text, describe: 'the group' },
  'group-name': { ...text, describe: 'the group, by its name' },
} as const;
const RULES = {
  type: { ...text, describe: 'rule type as the console names it: SSH, HTTPS, "All traffic" ...' },
  protocol: { ...text, describe: 'tcp, udp, icmp, icmpv6, a number, or -1' },
  port: { ...text, describe: 'port, range, or ICMP type and code' },
  cidr: { ...text, describe: 'IPv4 or IPv6 block' },
  'source-group': { ...text, describe: 'id of a group' },
  'group-owner': { ...text, describe: 'account of that group' },
  'ip-permissions': { ...list, describe: 'JSON, file://NAME, or shorthand' },
} as const;
const RULE_IDS = { 'security-group-rule-ids': { ...list, describe: 'rules by id' } } as const;

/** The AWS CLI's verbs: what each does, and the options that it takes besides --vpc. */
const VERBS = {
  'create-security-group': {
    text: 'create a group with the default egress rule',
    options: {
      'group-name': { ...needed, describe: 'its name' },
      description: { ...needed, describe: 'its description' },
      'vpc-id': { ...needed, describe: 'its VPC' },
    },
  },
  'authorize-security-group-ingress': {
    text: 'add ingress rules',
    options: { ...GROUP, ...RULES },
  },
  'authorize-security-group-egress': { text: 'add egress rules', options: { ...GROUP, ...RULES } },
  'revoke-security-group-ingress': {
    text: 'remove ingress rules',
    options: { ...GROUP, ...RULES, ...RULE_IDS },
  },
  'revoke-security-group-egress': {
    text: 'remove egress rules',
    options: { ...GROUP, ...RULES, ...RULE_IDS },
  },
  'delete-security-group': { text: 'delete a group that nothing uses', options: GROUP },
  'modify-network-interface-attribute': {
    text: 'change the groups of an interface',
    options: {
      'network-interface-id': { ...needed, describe: 'the interface' },
      groups: { ...list, demandOption: true, describe: 'ids of its groups' },
    },
  },
  'describe-security-groups': {
    text: 'print groups as JSON',
    options: {
      'group-ids': { ...list, describe: 'only these' },
      'group-names': { ...list, describe: 'only these, by name' },
      'vpc-id': { ...text, describe: 'only those of a VPC' },
    },
  },
} as const;

/** Adds the verbs to `sgsim ec2`. */
export function ec2Command(command: Argv): Argv {
  let all = command.usage('$0 ec2 VERB --vpc FOLDER ...');
  for (const [verb, { text: describe, options }] of Object.entries(VERBS)) {
    all = all.command(
      verb,
      describe,
      (one) =>
        one
          .usage(`$0 ec2 ${verb} --vpc FOLDER`)
          // A list, since yargs makes one of an option that is given twice.
          .option('vpc', {
            ...list,
            demandOption: true,
            describe: 'folder of JSON documents to edit',
          })
          .options(options),
      async (argv) => {
        const { runEc2 } = await import('./ec2.js');
        process.exitCode = await runEc2(verb, argv);
      },
    );
  }
  return all.demandCommand(1, 'no verb given');
}
