// The reference pages of the provider, in the layout of Terraform's registry, read off the schemas.
import { providerAttributes } from './provider-attributes.ts';
import { type Attribute, type AttributeType, dataSchemas, type ResourceSchema, resourceSchemas } from './schema.ts';

/** A page or an example, by its path below the folder of the documentation. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** All generated pages; `example` is asked for the text of an example by its path. */
export function pages(example: (path: string) => string): Page[] {
  return [
    { path: 'index.md', text: index(example('provider/provider.tf')) },
    ...[...resourceSchemas.values()].map((schema) => ({
      path: `resources/${bare(schema)}.md`,
      text: page(schema, 'Resource', example(`resources/${schema.type}/resource.tf`)),
    })),
    ...[...dataSchemas.values()].map((schema) => ({
      path: `data-sources/${bare(schema)}.md`,
      text: page(schema, 'Data Source', example(`data-sources/${schema.type}/data-source.tf`)),
    })),
  ];
}

const bare = ({ type }: ResourceSchema) => type.slice(type.indexOf('_') + 1);
const fence = (text: string) => `\`\`\`terraform\n${text.trimEnd()}\n\`\`\``;
const head = (title: string, description: string) => `---\npage_title: "${title}"\ndescription: |-\n  ${description}\n---`;

function index(example: string): string {
  const lines = providerAttributes.map((one) => line(one));
  const list = (schemas: ReadonlyMap<string, ResourceSchema>, folder: string) =>
    [...schemas.values()]
      .map((schema) => `- [\`${schema.type}\`](${folder}/${bare(schema)}.md): ${schema.description}`)
      .join('\n');
  return `${[
    head('zenmlpro Provider', 'Keeps a ZenML Pro organization in Terraform.'),
    '# zenmlpro Provider',
    'Keeps a ZenML Pro organization in Terraform: workspaces, projects, teams, people, service accounts and who may do what. It is made from the same kinds and the same client as `zenform`; [one page](guides/split.md) says how to split an organization between both.',
    '`zenform terraform install` puts the provider where Terraform finds it without a registry. It needs Node 20 or later on the `PATH`.',
    '## Example Usage',
    fence(example),
    '## Schema',
    '### Optional',
    lines.join('\n'),
    '## Resources',
    list(resourceSchemas, 'resources'),
    '## Data sources',
    list(dataSchemas, 'data-sources'),
    '## What to know',
    `- An attribute that is left out is not managed: the server's value stays. An empty text clears a field that can be empty.
- References are best written as such (\`zenmlpro_team.x.id\`, \`zenmlpro_member.x.email\`), so that Terraform knows the order; names are taken too.
- A read comes from lists that all resources of a run share. What cannot be read is a warning, and stays in the state as it was.
- A write is never repeated blindly: when its answer is lost, the provider looks whether it happened.
- What is there already and is exactly as declared is taken into the state, with a warning; what is there and different asks for an import, or for \`adopt_existing = true\`.
- Nobody locks the organization out: taking the role of one of the last two Organization Admins, or of the one who runs this, is refused at the moment of the write, unless \`accept_lock_out = true\`.`,
  ].join('\n\n')}\n`;
}

function page(schema: ResourceSchema, what: string, example: string): string {
  const is = (wanted: string) =>
    schema.attributes.filter(({ mode }) => (mode === 'optional-computed' ? 'optional' : mode) === wanted).map(line);
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`### ${title}`, lines.join('\n')]);
  const oneOf = schema.oneOf?.names.map((name) => `\`${name}\``).join(', ');
  return `${[
    head(`${schema.type} ${what} - zenmlpro`, schema.description),
    `# ${schema.type} (${what})`,
    schema.description,
    '## Example Usage',
    fence(example),
    '## Schema',
    ...part('Required', is('required')),
    ...part('Optional', is('optional')),
    ...(oneOf ? [`One of ${oneOf} has to be given.`] : []),
    ...part('Read-Only', is('computed')),
    ...(what === 'Resource' ? imports(schema) : []),
  ].join('\n\n')}\n`;
}

function imports(schema: ResourceSchema): string[] {
  const address = importExamples[schema.kind] ?? `${schema.kind}/NAME`;
  const text = `import {\n  to = ${schema.type}.x\n  id = "${address}"\n}`;
  const words = schema.attributes.some(({ source }) => source === 'reference')
    ? 'By its address:'
    : 'By its address, its name, or the id of the server:';
  return ['## Import', words, fence(text), '`zenform terraform import-blocks` writes such blocks for everything that is live.'];
}

const importExamples: Readonly<Partial<Record<ResourceSchema['kind'], string>>> = {
  organization: 'organization',
  project: 'workspace/production/project/churn',
  member: 'member/alan@acme.io',
  service_account_key: 'service_account/ci-deployer/key/main',
  team_member: 'team/ml-platform/member/alan@acme.io',
  grant: 'workspace/production/grant/Workspace Admin/team/ml-platform',
};

type Shown = Pick<Attribute, 'name' | 'type' | 'description'> &
  Pick<Partial<Attribute>, 'sensitive' | 'immutable' | 'createOnly' | 'clearable' | 'json'>;

function line({ name, type, description, sensitive, immutable, createOnly, clearable, json }: Shown): string {
  const notes = [
    ...(immutable === 'replace' ? ['Another value makes a new one.'] : []),
    ...(immutable === 'error' ? ['It cannot change.'] : []),
    ...(createOnly ? ['Counts only when it is created.'] : []),
    ...(json ? ['Written as JSON: `jsonencode({ … })`.'] : []),
    ...(clearable && !json ? ['An empty text clears it.'] : []),
  ];
  const text = description.replace(/; null clears it\./, '.');
  return `- \`${name}\` (${typeWords(type)}${sensitive ? ', Sensitive' : ''}) ${[text, ...notes].join(' ')}`;
}

function typeWords(type: AttributeType): string {
  if (type === 'bool') return 'Boolean';
  if (typeof type === 'string') return `${type[0]?.toUpperCase()}${type.slice(1)}`;
  const [what, inner] = type;
  if (what === 'object') return 'Object';
  return `${what[0]?.toUpperCase()}${what.slice(1)} of ${typeWords(inner as AttributeType)}`;
}
