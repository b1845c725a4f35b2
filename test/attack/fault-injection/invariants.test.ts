import { generate, type Case } from './cases';
import { brokenByNode, brokenByTrigger, LONGEST_EXECUTION } from './invariants';
import type { ErrorSeen, Observation, Result } from './observation';
import type { TriggerObservation } from './triggerScene';

function caseOf(id: string): Case {
	const found = generate().cases.find((one) => one.id === id);
	if (found === undefined) throw new Error(`There is no case ${id}`);
	return found;
}

const success: Result = {
	status: 'success',
	items: [
		{ item: 0, run: { id: 'a', status: 'succeeded', files: 0 } },
		{ item: 1, run: { id: 'b', status: 'succeeded', files: 0 } },
	],
	thrown: undefined,
	storedLength: 4000,
};
const error: ErrorSeen = {
	message: 'The API key is wrong [item 1]',
	description: 'Open the credential. Do not start it again.\nRun ID: b\n• item 0: a',
	item: 1,
	runId: 'b',
	others: { 0: 'a' },
};
const failed: Result = { ...success, status: 'error', items: [], thrown: error };
const paid = [
	{ id: 'a', item: 0, isFree: false },
	{ id: 'b', item: 1, isFree: false },
];
const good: Observation = {
	case: caseOf('poll/401/polling/stop/once'),
	met: 1,
	seconds: 1,
	first: failed,
	paidFirst: paid,
	second: success,
	paid,
	items: 2,
	wantsFiles: false,
	leaks: [],
};

it('finds nothing wrong with an error that names its run, and a Retry that brings it', () => {
	expect(brokenByNode(good)).toEqual([]);
});

const withError = (changed: Partial<ErrorSeen>): Partial<Observation> => ({
	first: { ...failed, thrown: { ...error, ...changed } },
});

it.each<[string, string, Partial<Observation>]>([
	['met', 'a fault that met nothing', { met: 0 }],
	['once', 'a second run', { paid: [...paid, { id: 'c', item: 1, isFree: false }] }],
	[
		'found',
		'a run that no error names',
		withError({ runId: undefined, description: 'Open it. a' }),
	],
	['found', 'the run of another item that is not listed', withError({ others: {} })],
	[
		'found',
		'a run that an execution which has waited ends without',
		{
			case: caseOf('resume/500/callback/continue/for-good'),
			first: { ...success, status: 'waiting', items: [] },
			second: { ...success, items: success.items.slice(0, 1) },
		},
	],
	['passes', 'an error for what has passed', { case: caseOf('poll/500/polling/stop/once') }],
	['words', 'an empty message', withError({ message: ' [item 1]' })],
	['words', 'a bare network code', withError({ message: 'ECONNRESET [item 1]' })],
	['words', 'a web page', withError({ message: '<html> [item 1]' })],
	['words', 'a long message', withError({ message: `${'x'.repeat(400)} [item 1]` })],
	[
		'words',
		'a long description',
		withError({ description: `${error.description}${' '.repeat(2000)}` }),
	],
	['words', 'no advice', withError({ description: 'Too bad.\nb a' })],
	[
		'words',
		'a run that is said not to be',
		withError({ description: `${error.description} No run was started.` }),
	],
	[
		'words',
		'another item',
		withError({ message: 'Wrong [item 0]', item: 0, runId: 'a', others: { 1: 'b' } }),
	],
	['ends', 'no end', { first: { ...failed, status: 'hung' } }],
	['ends', 'megabytes', { first: { ...failed, storedLength: LONGEST_EXECUTION + 1 } }],
	['recovers', 'a Retry that fails', { second: failed }],
	[
		'recovers',
		'the run of another item',
		{
			second: {
				...success,
				items: [...success.items].map((item) => ({
					...item,
					run: { id: 'a', status: 'succeeded', files: 0 },
				})),
			},
		},
	],
	[
		'recovers',
		'a run that is output unfinished',
		{
			second: {
				...success,
				items: success.items.map((item) => ({
					...item,
					run: { id: item.run?.id ?? '', status: 'running', files: 0 },
				})),
			},
		},
	],
	['recovers', 'no files', { wantsFiles: true }],
	['secret', 'a key in the data', { leaks: ["the execution's data"] }],
	[
		'others',
		'an item lost',
		{
			case: caseOf('poll/401/polling/continue/once'),
			first: { ...success, items: success.items.slice(1) },
		},
	],
	[
		'others',
		'an item that no fault met, as an error',
		{
			case: caseOf('poll/401/polling/continue/once'),
			first: {
				...success,
				items: [
					{ item: 0, error: { ...error, item: 0, message: 'Wrong [item 0]', runId: 'a' } },
					...success.items.slice(1),
				],
			},
		},
	],
])('breaks the promise %s: %s', (promise, _what, changed) => {
	const broken = brokenByNode({ ...good, ...changed }).map((one) => one.promise);
	expect(broken).toContain(promise);
});

const started: TriggerObservation = {
	case: caseOf('trigger-run/500/once'),
	met: 1,
	seconds: 1,
	due: 1,
	dueAfter: 1,
	started: 1,
	startedAfter: 1,
	areComplete: true,
	answers: [200],
	logs: [],
	hung: false,
	leaks: [],
};

const COPY =
	'ignored a callback: treated as a repeated delivery, since Runflow refused the list of deliveries (No.)';

it('treats a delivery as a copy when its history is refused, and logs it', () => {
	const refused = caseOf('trigger-history/401/once');
	expect(brokenByTrigger({ ...started, case: refused, logs: [COPY] })).toEqual([]);
	const seen = { ...started, case: refused, started: 0, startedAfter: 1, logs: [COPY] };
	expect(brokenByTrigger(seen)).toEqual([]);
});

it.each<[string, string, Partial<TriggerObservation>]>([
	['once', 'two starts', { startedAfter: 2 }],
	[
		'recovers',
		'no start after Redeliver',
		{ started: 0, startedAfter: 0, answers: [503], logs: ['refused'] },
	],
	['recovers', 'a start without the full run', { areComplete: false }],
	['found', 'a delivery that was taken and starts nothing', { started: 0, logs: ['x'] }],
	['passes', 'a refusal for what has passed', { answers: [503, 200] }],
	['words', 'a refusal without a word in the log', { started: 0, answers: [503] }],
	[
		'words',
		'a copy without a word in the log',
		{ case: caseOf('trigger-history/401/once'), started: 0 },
	],
	[
		'found',
		'a delivery treated as repeated though nothing was refused',
		{ case: caseOf('trigger-history/500/once'), started: 0, logs: [COPY] },
	],
	['words', 'a web page in the log', { logs: ['<html>'] }],
	['ends', 'no end', { hung: true }],
	['secret', 'a key in the log', { leaks: ["n8n's log"] }],
])('of the trigger breaks the promise %s: %s', (promise, _what, changed) => {
	expect(brokenByTrigger(started)).toEqual([]);
	const broken = brokenByTrigger({ ...started, ...changed }).map((one) => one.promise);
	expect(broken).toContain(promise);
});
