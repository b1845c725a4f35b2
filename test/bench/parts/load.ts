import { execFileSync } from 'node:child_process';

import { REPOSITORY } from '../../n8n/folders';
import { MAX_TARBALL_BYTES } from '../../release/contents';
import { kept, median, shown } from '../figures';
import type { Measured } from '../part';

/** Times, in a fresh process that has loaded n8n-workflow as n8n has, what loading the package takes (ms). */
const LOAD = `
	require('n8n-workflow');
	const began = process.hrtime.bigint();
	require(process.cwd());
	console.log(Number(process.hrtime.bigint() - began) / 1e6);
`;

/** What the package costs n8n when it starts: the time to load it, and what has to be downloaded. */
export async function measure(rounds = 15): Promise<Measured> {
	const times = Array.from({ length: rounds }, () => Number(run(process.execPath, ['-e', LOAD])));
	const packed = JSON.parse(run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])) as
		Record<string, { size: number }> | { size: number }[];
	const size = Object.values(packed)[0]?.size ?? NaN;
	return await Promise.resolve({
		ranOn: 'no n8n',
		rounds,
		rows: [
			{
				what: 'loading the package once n8n-workflow is loaded',
				value: kept(median(times)),
				unit: 'ms',
				goal: { atMost: 15 },
				from: `${shown(Math.min(...times))} to ${shown(Math.max(...times))} ms, Node.js ${process.versions.node}`,
			},
			{
				what: 'tarball',
				value: size,
				unit: 'bytes',
				goal: { atMost: MAX_TARBALL_BYTES },
				from: 'npm pack',
			},
		],
		raw: { loadingMs: times.map(kept), tarballBytes: size },
	});
}

function run(command: string, args: string[]): string {
	const stdio = ['ignore', 'pipe', 'ignore'] as ('ignore' | 'pipe')[];
	return execFileSync(command, args, { cwd: REPOSITORY, encoding: 'utf8', stdio });
}
