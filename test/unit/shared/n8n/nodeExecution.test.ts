import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { nodeExecution } from '../../../../nodes/shared/n8n/nodeExecution';

interface Where {
	kept?: object;
	runIndex?: number;
	resumeUrl?: string;
	mode?: string;
	executeData?: object;
	type?: string;
	executionId?: string;
}

const SIGNED = 'https://n8n.example/webhook-waiting/7?signature=secret-token';

/** n8n's context, as far as it is used. */
function at({
	kept = {},
	runIndex = 0,
	resumeUrl = SIGNED,
	mode = 'trigger',
	executeData = {},
	type = 'wan27',
	executionId = '7',
}: Where): IExecutePaginationFunctions {
	return {
		getContext: () => kept,
		getItemIndex: () => 0,
		getExecuteData: () => executeData,
		getNode: () => ({ type }),
		getExecutionId: () => executionId,
		getMode: () => mode,
		getWorkflowDataProxy: () => ({ $thisRunIndex: runIndex, $execution: { resumeUrl } }),
	} as unknown as IExecutePaginationFunctions;
}

it('is distinguished from others by the token of n8n', () => {
	expect(nodeExecution(at({}))).toEqual({
		identity: 'secret-token',
		nodeRunIndex: 0,
		resumeUrl: SIGNED,
		retriedAt: undefined,
		begunAt: expect.any(Number) as unknown,
		isForgotten: false,
	});
});

it.each(['https://n8n.example/webhook-waiting/7', 'nothing of the kind'])(
	'is distinguished from others by a generated text where n8n has no token: %s',
	(resumeUrl) => {
		const kept = {};
		const { identity } = nodeExecution(at({ kept, resumeUrl }));
		expect(identity).toMatch(/^[0-9a-f-]{36}$/);
		expect(nodeExecution(at({ kept, resumeUrl })).identity).toBe(identity);
		expect(nodeExecution(at({ resumeUrl })).identity).not.toBe(identity);
	},
);

it('is read once for all items and tries', () => {
	const executeData = {};
	const first = nodeExecution(at({ executeData }));
	expect(nodeExecution(at({ executeData, runIndex: 3 }))).toBe(first);
});

it('counts the runs of the node, also where n8n skips one after a crash', () => {
	const kept = {};
	const runs = [0, 1, 3, 3].map((runIndex) => nodeExecution(at({ kept, runIndex })).nodeRunIndex);
	expect(runs).toEqual([0, 1, 2, 2]);
	expect(nodeExecution(at({ runIndex: 1 })).nodeRunIndex).toBe(0);
});

it.each<[string, Where, boolean]>([
	['that is retried', { mode: 'retry' }, true],
	['that is retried with what the node has kept', { mode: 'retry', kept: { nodeRuns: [0] } }, true],
	['that is no retry', {}, false],
	['of an n8n without a token', { mode: 'retry', resumeUrl: '' }, false],
	['of an agent', { mode: 'retry', type: 'wan27Tool' }, false],
])('may have been lost or not: one %s', (_which, where, mayBeLost) => {
	expect(nodeExecution(at(where)).retriedAt !== undefined).toBe(mayBeLost);
});

it('knows when the retry began, which all runs of the node share', () => {
	const kept = {};
	const began = (runIndex: number, executionId = '7') =>
		nodeExecution(at({ kept, runIndex, mode: 'retry', executionId })).retriedAt;
	const first = began(0);
	Object.assign(kept, { retried: { executionId: '7', at: 5 } });
	expect(first).toBeGreaterThan(Date.now() - 10_000);
	expect(began(1)).toBe(5);
	expect(began(2, '8')).toBeGreaterThan(5);
});

const DAY = 24 * 60 * 60_000;

it.each([
	['trigger', {}, 0],
	['retry', {}, 3 * DAY],
	['retry', { begunAt: Date.now() - DAY }, DAY],
])('knows since when it can have started runs: %s, %j', (mode, kept, ago) => {
	const since = Date.now() - nodeExecution(at({ mode, kept })).begunAt;
	expect(Math.abs(since - ago)).toBeLessThan(10_000);
});

it.each([
	['trigger', [], false],
	['retry', [0], false],
	['retry', [], true],
])(
	'knows whether n8n has kept something of this run of the node: %s, %j',
	(mode, nodeRuns, isForgotten) => {
		const kept = { nodeRuns };
		expect(nodeExecution(at({ kept, mode })).isForgotten).toBe(isForgotten);
		// And in the next Retry, where n8n has kept what the first one did.
		expect(nodeExecution(at({ kept, mode: 'retry', executionId: '8' })).isForgotten).toBe(
			isForgotten,
		);
	},
);
