import { fork } from 'node:child_process';
import { once } from 'node:events';

import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';

/** A sandbox in a separate process, so that its memory and CPU are not taken for the node's. */
export interface RemoteSandbox {
	url: string;
	apiKey: string;
	/** What it has seen so far. */
	report(): Promise<Report>;
	close(): Promise<void>;
}

/** What a sandbox has seen. */
export interface Report {
	/** Requests of the API by method. */
	requests: Record<string, number>;
	runs: number;
	/** Bytes of all files that were uploaded. */
	uploadedBytes: number;
	/** When the first and the last run ended (ms since 1970); 0 where one has not. */
	firstEnd: number;
	lastEnd: number;
}

/** Options that fit into a message between processes. */
type Options = Pick<
	SandboxOptions,
	'runDurationMs' | 'outputBytes' | 'callbackSecrets' | 'catalogueSize'
> & {
	/** How many finished runs there are at the start. */
	addedRuns?: number;
	/** Runs last from the one to the other, spread evenly over fifty of them. */
	lastMs?: readonly [from: number, to: number];
};

/** In: the sandbox's switches. Out: the sandbox, started in a child process. */
export async function startSandboxProcess(options: Options): Promise<RemoteSandbox> {
	const child = fork(__filename, [JSON.stringify(options)], { execArgv: ['--import', 'tsx'] });
	const [{ url, apiKey }] = (await once(child, 'message')) as [{ url: string; apiKey: string }];
	return {
		url,
		apiKey,
		report: async () => {
			child.send('report');
			const [report] = (await once(child, 'message')) as [Report];
			return report;
		},
		close: async () => {
			child.disconnect();
			await once(child, 'exit');
		},
	};
}

function durationOf(run: number, [from, to]: readonly [number, number]): number {
	return from + ((to - from) * (run % 50)) / 50;
}

async function serve(options: Options): Promise<void> {
	const { lastMs, addedRuns = 0, ...switches } = options;
	let runs = 0;
	const sandbox: Sandbox = await startSandbox({
		...switches,
		...(lastMs === undefined ? {} : { runDurationMs: () => durationOf(runs++, lastMs) }),
	});
	sandbox.addRuns(addedRuns, () => ({}));
	process.send?.({ url: sandbox.url, apiKey: sandbox.apiKey });
	process.on('message', () => {
		const requests: Record<string, number> = {};
		for (const { host, method } of sandbox.requests) {
			if (host === 'api') requests[method] = (requests[method] ?? 0) + 1;
		}
		const ends = sandbox.acceptedRuns().map(({ completedAtMs }) => completedAtMs ?? 0);
		const report: Report = {
			requests,
			runs: ends.length,
			uploadedBytes: sandbox.uploads().reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0),
			firstEnd: Math.min(...ends),
			lastEnd: Math.max(0, ...ends),
		};
		process.send?.(report);
	});
	process.on('disconnect', () => {
		void sandbox.close();
	});
}

if (require.main === module) void serve(JSON.parse(process.argv[2] ?? '{}') as Options);
