import { isNew } from '../../../../../nodes/shared/run/read/getRun';
import {
	adoptRun,
	discardRun,
	isTaken,
	lastOfAllTries,
	releaseRecord,
	startedRun,
	startRecordOf,
	toolCallOf,
	type StartRecord,
} from '../../../../../nodes/shared/run/start/startLedger';
import { digest } from '../../../../../nodes/shared/values/digest';
import { itemContext as at } from '../itemContext';

const TOOL = { type: 'wan27Tool' };
const inputText = '{"prompt":"Make it blue"}';
const other = '{"prompt":"Make it red"}';
const first = { nodeRunIndex: 0, executionId: '7', inputText };

describe('the entry of an item', () => {
	it('is the same at another try of the same execution, for any input', () => {
		const kept = {};
		const startRecord = startRecordOf(at({ kept }), first);
		startRecord.runId = 'run';
		expect(startRecordOf(at({ kept }), { ...first, inputText: other })).toBe(startRecord);
		expect(kept).toEqual({
			startedRuns: { '0.0': { executionId: '7', inputHash: digest(inputText), runId: 'run' } },
		});
	});

	it('is another one of each item and each run of the node', () => {
		const kept = {};
		const startRecord = startRecordOf(at({ kept }), first);
		expect(startRecordOf(at({ kept, itemIndex: 1 }), first)).not.toBe(startRecord);
		expect(startRecordOf(at({ kept }), { ...first, nodeRunIndex: 1 })).not.toBe(startRecord);
		expect(Object.keys(kept)).toEqual(['startedRuns']);
	});

	it('continues where a retried execution sends the same input', () => {
		const kept = {};
		const startRecord = startRecordOf(at({ kept }), first);
		startRecord.runId = 'run';
		expect(startRecordOf(at({ kept }), { ...first, executionId: '8' })).toBe(startRecord);
		expect(startRecord).toEqual({ executionId: '8', inputHash: digest(inputText), runId: 'run' });
	});

	it('gives up a cancelled run where a person retries, not at another try', () => {
		const kept = {};
		Object.assign(startRecordOf(at({ kept }), first), { runId: 'run', cancelled: true });
		expect(startRecordOf(at({ kept }), first)).toMatchObject({ runId: 'run', cancelled: true });
		expect(startRecordOf(at({ kept }), { ...first, executionId: '8' })).toEqual({
			executionId: '8',
			inputHash: digest(inputText),
			failedRuns: ['run'],
			failedEarlier: 1,
		});
	});

	it('counts the failed runs of earlier executions when a person retries, not at another try', () => {
		const kept = {};
		startRecordOf(at({ kept }), first).failedRuns = ['one', 'two'];
		expect(startRecordOf(at({ kept }), first)).not.toHaveProperty('failedEarlier');
		expect(startRecordOf(at({ kept }), { ...first, executionId: '8' }).failedEarlier).toBe(2);
	});

	it('starts again where a retried execution sends other input, and knows what it started', () => {
		const kept = {};
		startRecordOf(at({ kept }), first).runId = 'run';
		const again = { nodeRunIndex: 0, executionId: '8', inputText: other };
		const second = startRecordOf(at({ kept }), again);
		expect(second).toEqual({ executionId: '8', inputHash: digest(other), pastRuns: ['run'] });
		second.runId = 'second';
		expect(startRecordOf(at({ kept }), { ...first, executionId: '9' })).toMatchObject({
			pastRuns: ['run', 'second'],
		});
	});

	it('stays as it was where the item is refused, and none is noted where there was none', () => {
		const kept = {};
		const refused = { ...first, inputText: undefined };
		expect(startRecordOf(at({ kept }), refused)).toEqual({ executionId: '7' });
		expect(kept).toEqual({ startedRuns: {} });
		const startRecord = startRecordOf(at({ kept }), first);
		expect(startRecordOf(at({ kept }), refused)).toBe(startRecord);
		expect(startRecordOf(at({ kept, node: TOOL }), refused)).toEqual({ executionId: '7' });
	});

	it('is that of the request where an agent calls', () => {
		const kept = {};
		const agent = at({ kept, node: TOOL });
		const startRecord = startRecordOf(agent, first);
		releaseRecord(startRecord);
		expect(startRecordOf(agent, { ...first, nodeRunIndex: 5 })).toBe(startRecord);
		expect(startRecordOf(agent, { ...first, inputText: other })).not.toBe(startRecord);
		expect(kept).toEqual({
			startedRuns: {
				[`tool  ${digest(inputText)}`]: { executionId: '7', inputHash: digest(inputText) },
				[`tool  ${digest(other)}`]: { executionId: '7', inputHash: digest(other) },
			},
		});
	});

	it('is that of the call where n8n names it: the same words twice are two calls', () => {
		const kept: Record<string, unknown> = {};
		const call = (toolCallId: string) => at({ kept, node: TOOL, toolCallId });
		const startRecord = startRecordOf(call('a'), first);
		releaseRecord(startRecord);
		expect(startRecordOf(call('a'), first)).toBe(startRecord);
		expect(startRecordOf(call('b'), first)).not.toBe(startRecord);
		expect(Object.keys(kept.startedRuns as object)).toEqual(
			['a', 'b'].map((id) => `tool ${id} ${digest(inputText)}`),
		);
	});

	it.each<[string, StartRecord]>([
		['has left a run', { runId: 'run' }],
		['may have left one', { unconfirmed: { since: 0, reference: '', inputHash: '' } }],
	])(
		'is that of one call while others with the same words are in progress, and then of the one that %s',
		(_which, left) => {
			const kept = {};
			const call = () => startRecordOf(at({ kept, node: TOOL }), first);
			const [one, two, three] = [call(), call(), call()];
			expect([one, two, three].map(({ parallelCall }) => parallelCall)).toEqual([undefined, 1, 2]);
			Object.assign(two, left);
			releaseRecord(one);
			releaseRecord(two);
			// That call is tried again; the first one is over.
			expect([call(), call()]).toEqual([two, one]);
			expect(call().parallelCall).toBe(3);
		},
	);

	it('ignores foreign data in its place', () => {
		const kept = { startedRuns: 'nothing of ours' };
		expect(startRecordOf(at({ kept }), first)).toEqual({
			executionId: '7',
			inputHash: digest(inputText),
		});
	});
});

it.each<[string, StartRecord]>([
	['its own', { runId: 'run' }],
	['one of its failed ones', { runId: 'other', failedRuns: ['one', 'run'] }],
	['one that it started for something else', { pastRuns: ['run', 'one'] }],
])('knows a run for taken that is an item’s: %s', (_what, startRecord) => {
	const kept = { startedRuns: { '0.0': { runId: 'another' }, '0.3': startRecord } };
	expect(isTaken(at({ kept }), 'run')).toBe(true);
	expect(isTaken(at({ kept }), 'unknown')).toBe(false);
});

it.each([
	['a', 'a'],
	['', undefined],
	[7, undefined],
	[undefined, undefined],
])('knows a call of a tool by its id: %j', (toolCallId, id) => {
	expect(toolCallOf(at({ toolCallId }))).toBe(id);
});

describe('a run that the item gets', () => {
	const unconfirmed = { since: 0, reference: '', inputHash: '' };

	beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
	afterEach(() => jest.useRealTimers());

	it('is noted with its time and its execution', () => {
		const startRecord: StartRecord = { unconfirmed };
		adoptRun(startRecord, { id: 'run' }, '7');
		expect(startRecord).toEqual({ runId: 'run', startedAt: 1_000_000, startedIn: '7' });
	});

	it('is not noted without an id', () => {
		const startRecord: StartRecord = { unconfirmed };
		adoptRun(startRecord, {}, '7');
		expect(startRecord).toEqual({});
	});
});

describe('the tries of Retry On Fail', () => {
	const retried = { type: 'wan27', retryOnFail: true, maxTries: 3 };

	it.each<[string, object, StartRecord, string | undefined]>([
		['are over after the last one', retried, { failedRuns: ['a', 'b', 'c'] }, 'c'],
		['go on before', retried, { failedRuns: ['a', 'b'] }, undefined],
		[
			'are counted anew in each execution',
			retried,
			{ failedRuns: ['a', 'b', 'c'], failedEarlier: 1 },
			undefined,
		],
		['are one where the user wants none', { type: 'wan27' }, { failedRuns: ['a'] }, 'a'],
		['have not begun', { type: 'wan27' }, {}, undefined],
		[
			'are not counted of a tool',
			{ ...retried, ...TOOL },
			{ failedRuns: ['a', 'b', 'c'] },
			undefined,
		],
	])('%s', (_what, node, startRecord, last) => {
		expect(lastOfAllTries(at({ node }), startRecord)).toBe(last);
	});
});

it('knows which run an item has started in this execution', () => {
	const kept = {
		startedRuns: {
			'1.0': { executionId: '7', runId: 'run' },
			'1.1': { executionId: '6', runId: 'earlier' },
		},
		// The second run of the node, though n8n counts it as the third.
		nodeRuns: [0, 2],
	};
	const context = at({ kept, runIndex: 2 });
	expect([0, 1, 2].map((index) => startedRun(context, index))).toEqual([
		'run',
		undefined,
		undefined,
	]);
});

describe('a run that has failed or was cancelled', () => {
	it('is given up, and kept in mind, once', () => {
		const startRecord: StartRecord = { runId: 'second', failedRuns: ['first'], cancelled: true };
		discardRun(startRecord, 'second');
		discardRun(startRecord, 'second');
		expect(startRecord).toEqual({ failedRuns: ['first', 'second'] });
	});

	it('leaves the run that another try has started', () => {
		const startRecord: StartRecord = { runId: 'second' };
		discardRun(startRecord, 'first');
		expect(startRecord).toEqual({ runId: 'second', failedRuns: ['first'] });
	});

	it('may not exist', () => {
		const startRecord: StartRecord = {};
		discardRun(startRecord, undefined);
		expect(startRecord).toEqual({ failedRuns: [] });
	});
});

describe('a run is new', () => {
	beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
	afterEach(() => jest.useRealTimers());

	it.each([
		[1_000_000, true],
		[985_001, true],
		[985_000, false],
		[undefined, false],
	])('that was started at %s: %s', (startedAt, expected) => {
		expect(isNew(startedAt === undefined ? {} : { startedAt })).toBe(expected);
	});
});
