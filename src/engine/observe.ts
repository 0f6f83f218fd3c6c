// What nobody could try out when zenform was written, and what this server turns out to do: seen by asking only. Rows have the numbers of
// the emulator's table of switches.
import { ApiError, type Session } from '../client/index.ts';
import { kindOf, parse } from '../core/address.ts';
import type { Live, LiveState } from '../core/resource.ts';

/** An unknown of the API, and what was seen; `seen` is undefined where nothing there shows it. */
export interface Observed {
  readonly row: number;
  readonly unknown: string;
  readonly seen: string | undefined;
}

interface Ground {
  readonly session: Session;
  readonly organizationId: string;
  readonly state: LiveState;
  readonly email: string | undefined;
}

type Row = Readonly<Record<string, unknown>>;
type Look = (ground: Ground) => Promise<string | undefined>;

const looks: readonly (readonly [row: number, unknown: string, look: Look])[] = [
  [
    1,
    'members of a team',
    async ({ session, state }) => shapeIn(await rows(session, `/teams/${withMembers(state)?.ids.id}/members`)),
  ],
  [
    2,
    'members of the organization',
    async ({ session, organizationId }) => shapeIn(await rows(session, members(organizationId))),
  ],
  [3, 'assignments without a scope', unscoped],
  [4, 'assignments of a workspace', ofWorkspace],
  [11, 'invitations without `only_pending`', invitations],
  [12, 'e-mails in filters', emails],
  [13, 'accounts that can be listed', async ({ session }) => counted((await rows(session, '/users')).length, 'account')],
  [19, 'paging of lists below an organization', paging],
  [21, 'deleted workspaces', deleted],
  [30, 'roles of unknown levels', async ({ session, organizationId }) => levels(await rows(session, roles(organizationId)))],
  [31, 'names of the predefined roles', names],
  [46, '`GET /permissions` and `GET /releases`', async ({ session }) => both(session, ['/permissions', '/releases'])],
  [48, 'who is in the members of an organization', inMembers],
  [54, '`limit` over 100', overLimit],
];

/** Asks for everything that asking can show. What fails shows nothing. */
export async function observe(ground: Ground): Promise<readonly Observed[]> {
  return Promise.all(
    looks.map(async ([row, unknown, look]) => {
      const seen = await look(ground).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        return undefined;
      });
      return { row, unknown, seen };
    }),
  );
}

const members = (id: string) => `/organizations/${id}/members`;
const roles = (id: string) => `/organizations/${id}/roles`;
const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
const asRow = (value: unknown) => (typeof value === 'object' && value !== null ? (value as Row) : {});
const rows = async (session: Session, path: string, query: Record<string, string | number> = {}) => {
  const answer = await session.get(path, query);
  const list = Array.isArray(answer) ? answer : asRow(answer).items;
  return (Array.isArray(list) ? list : []).map(asRow);
};

function shapeIn(found: readonly Row[]): string | undefined {
  const [first] = found;
  if (!first) return undefined;
  return 'user' in first || 'invitation' in first || 'team' in first ? 'wrapped' : 'flat';
}

function withMembers(state: LiveState): Live | undefined {
  for (const address of state.resources.keys()) {
    const parsed = parse(address);
    if (parsed.kind === 'team_member') return state.resources.get(parsed.team);
  }
  throw nothing;
}

/** Nothing there could show it. */
const nothing = new ApiError({ server: '', method: 'GET', path: '', serverMessage: 'nothing there shows it' });

/** A role that somebody holds at a level, with the scope. */
function held(state: LiveState, level: 'workspace' | 'project') {
  for (const address of state.resources.keys()) {
    const parsed = parse(address);
    if (parsed.kind !== 'grant' || parsed.level !== level) continue;
    const role = state.roles.find((one) => one.name === parsed.role && one.level === level);
    const scope = state.resources.get(parsed.scope);
    if (role && scope) return { role, scope };
  }
  throw nothing;
}

async function unscoped({ session, state }: Ground): Promise<string> {
  const found = await rows(session, `/roles/${held(state, 'workspace').role.id}/assignments`);
  return found.some((row) => row.workspace_id) ? 'all scopes' : 'only those without a scope';
}

async function ofWorkspace({ session, state }: Ground): Promise<string> {
  const { role, scope } = held(state, 'project');
  const parsed = parse(scope.address);
  const workspace = parsed.kind === 'project' ? state.resources.get(parsed.workspace) : undefined;
  const found = await rows(session, `/roles/${role.id}/assignments`, { workspace_id: workspace?.ids.id ?? '' });
  return found.some((row) => row.project_id) ? 'with those of its projects' : 'without those of its projects';
}

async function invitations({ session, organizationId }: Ground): Promise<string | undefined> {
  const path = `/organizations/${organizationId}/invitations`;
  const [bare, all] = await Promise.all([rows(session, path), rows(session, path, { only_pending: 'false' })]);
  if (all.length === 0) return undefined;
  return bare.length < all.length ? 'only pending ones' : 'all, as far as can be told';
}

async function emails({ session, email }: Ground): Promise<string | undefined> {
  if (email === undefined) return undefined;
  const ask = async (text: string) => (await rows(session, '/users', { email: text })).length > 0;
  const [plain, upper, part] = await Promise.all([ask(email), ask(email.toUpperCase()), ask(email.slice(0, -1))]);
  if (!plain) return undefined;
  return part ? 'parts match' : upper ? 'case does not matter' : 'case matters';
}

async function paging({ session, organizationId }: Ground): Promise<string | undefined> {
  const found = await rows(session, roles(organizationId), { offset: 0, limit: 1 });
  return found.length === 0 ? undefined : found.length === 1 ? 'honoured' : 'ignored';
}

async function deleted({ session, organizationId }: Ground): Promise<string | undefined> {
  const found = await rows(session, '/workspaces', { organization_id: organizationId });
  return found.some(({ status }) => status === 'deleted') ? 'are listed' : undefined;
}

function levels(found: readonly Row[]): string {
  const odd = found.filter(({ level, name }) => !['organization', 'workspace', 'project'].includes(String(level)) || !name);
  return odd.length === 0 ? 'none' : counted(odd.length, 'role');
}

async function names({ session, organizationId }: Ground): Promise<string | undefined> {
  const found = await rows(session, roles(organizationId));
  if (found.some(({ name }) => name === 'Organization Admin')) return 'current';
  return found.length > 0 ? `others: ${found.map(({ name }) => String(name)).join(', ')}` : undefined;
}

async function inMembers({ session, organizationId }: Ground): Promise<string | undefined> {
  const found = await rows(session, members(organizationId));
  const people = found.map((row) => asRow(row.user ?? row));
  const kinds = [
    ...(people.some((user) => user.is_service_account === true) ? ['service accounts'] : []),
    ...(found.some((row) => row.team) ? ['teams'] : []),
    ...(found.some((row) => row.invitation) ? ['invitations'] : []),
  ];
  return found.length === 0 ? undefined : ['people', ...kinds].join(', ');
}

async function overLimit({ session }: Ground): Promise<string> {
  const status = await statusOf(session, '/organizations', { limit: 101 });
  return status === '200' ? 'is taken' : `is refused (${status})`;
}

async function both(session: Session, paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map((path) => statusOf(session, path)))).join(' and ');
}

async function statusOf(session: Session, path: string, query: Record<string, number> = {}): Promise<string> {
  try {
    await session.get(path, query);
    return '200';
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === undefined) throw error;
    return String(error.status);
  }
}

/** The e-mail of whoever asks, when that is a person. */
export const emailOf = (address: LiveState['caller']['address']) =>
  address && kindOf(address) === 'member' && address.includes('@') ? address.slice('member/'.length) : undefined;
