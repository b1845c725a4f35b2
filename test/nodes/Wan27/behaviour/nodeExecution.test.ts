import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { nodeExecution } from '../../../../nodes/Wan27/behaviour/nodeExecution';

interface Where {
	kept?: object;
	runIndex?: number;
	resumeUrl?: string;
	mode?: string;
	executeData?: object;
	type?: string;
}

const SIGNED = 'https://n8n.example/webhook-waiting/7?signature=secret-token';

/** n8n's context, as far as it is looked at. */
function at({
	kept = {},
	runIndex = 0,
	resumeUrl = SIGNED,
	mode = 'trigger',
	executeData = {},
	type = 'wan27',
}: Where): IExecutePaginationFunctions {
	return {
		getContext: () => kept,
		getItemIndex: () => 0,
		getExecuteData: () => executeData,
		getNode: () => ({ type }),
		getMode: () => mode,
		getWorkflowDataProxy: () => ({ $thisRunIndex: runIndex, $execution: { resumeUrl } }),
	} as unknown as IExecutePaginationFunctions;
}

it('is told from others by the token of n8n', () => {
	expect(nodeExecution(at({}))).toEqual({
		identity: 'secret-token',
		nodeRun: 0,
		resumeUrl: SIGNED,
		isLost: false,
	});
});

it.each(['https://n8n.example/webhook-waiting/7', 'nothing of the kind'])(
	'is told from others by a text of its own where n8n has no token: %s',
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
	const runs = [0, 1, 3, 3].map((runIndex) => nodeExecution(at({ kept, runIndex })).nodeRun);
	expect(runs).toEqual([0, 1, 2, 2]);
	expect(nodeExecution(at({ runIndex: 1 })).nodeRun).toBe(0);
});

it.each<[string, Where, boolean]>([
	['that is retried without what the node has kept', { mode: 'retry' }, true],
	['that is retried with it', { mode: 'retry', kept: { nodeRuns: [0] } }, false],
	['that is no retry', {}, false],
	['of an n8n without a token', { mode: 'retry', resumeUrl: '' }, false],
	['of an agent', { mode: 'retry', type: 'wan27Tool' }, false],
])('is lost or not: one %s', (_which, where, isLost) => {
	expect(nodeExecution(at(where)).isLost).toBe(isLost);
});
