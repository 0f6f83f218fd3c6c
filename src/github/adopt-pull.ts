import type { Api } from './api.ts';
import type { gitIn } from './base-ref.ts';
import { marker } from './mine.ts';
import type { Situation } from './situation.ts';

interface Pull {
  readonly number: number;
}

/** Offers what was adopted into the files as a pull request: one branch, pushed anew, and one pull request that stays the same. */
export async function offerAdoption(
  api: Api,
  git: ReturnType<typeof gitIn>,
  { repository, name, branch, runUrl }: Situation,
): Promise<number | undefined> {
  if ((await git(['status', '--porcelain'])) === '') return undefined;
  const own = name === 'main' ? 'zenform/adopt' : `zenform/adopt-${name}`;
  await git(['checkout', '--quiet', '-B', own]);
  await git(['add', '--all']);
  const author = [
    '-c',
    'user.name=github-actions[bot]',
    '-c',
    'user.email=41898282+github-actions[bot]@users.noreply.github.com',
  ];
  await git([...author, 'commit', '--quiet', '-m', 'Adopt what was changed by hand']);
  await git(['push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${own}`]);
  const owner = repository.split('/')[0] ?? '';
  const [open] = await api.all<Pull>(`/repos/${repository}/pulls?state=open&head=${owner}:${own}&base=${branch}`);
  const title = 'Adopt what was changed by hand';
  const body = `${marker('adopt', name)}\nLive differs from the files. This writes live's side into them; close it, and the next apply undoes the change instead ([run](${runUrl})).`;
  if (open) return open.number;
  return (await api.send<Pull>('POST', `/repos/${repository}/pulls`, { title, body, head: own, base: branch })).number;
}
