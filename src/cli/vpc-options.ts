/** Options of every command that judges packets by a VPC. */
export const VPC_OPTIONS = {
  decap: {
    type: 'string',
    default: 'auto',
    requiresArg: true,
    describe: 'tunnels to peel: vxlan,geneve,gre,ipip; auto: mirrored traffic; none',
  },
  vpc: {
    type: 'string',
    array: true,
    demandOption: true,
    requiresArg: true,
    describe: 'folders or files: `aws ec2 describe-*` JSON or short YAML',
  },
  'vpc-id': {
    type: 'string',
    requiresArg: true,
    describe: 'match packets with the interfaces of this VPC only',
  },
  events: {
    type: 'string',
    requiresArg: true,
    describe: 'YAML file of changes to the VPC while traffic flows',
  },
} as const;
