import type { IExecutePaginationFunctions, IWebhookFunctions } from 'n8n-workflow';

import { runAgain } from '../../../../../nodes/shared/n8n/suspendedExecution';
import { rawRun } from '../../../../../nodes/shared/api/output';
import {
	failedBefore,
	isSuspensionId,
	runIdsOf,
	suspensionOf,
	wasSuspendedFor,
} from '../../../../../nodes/shared/run/suspend/suspension';
import { callbackAddress } from '../../../../../nodes/shared/webhook/callbackAddress';
import { itemContext } from '../itemContext';

it.each([
	['http://n8n/webhook-waiting/7', 'http://n8n/webhook-waiting/7/runflow'],
	['http://n8n/webhook-waiting/7?signature=a', 'http://n8n/webhook-waiting/7/runflow?signature=a'],
	[undefined, '/runflow'],
])('is called back at its own address: %s', (resumeUrl, address) => {
	expect(callbackAddress(resumeUrl)).toBe(address);
});

it('distinguishes a suspension from a run', () => {
	expect(isSuspensionId('7 1700000000000')).toBe(true);
	expect(isSuspensionId('0190-7')).toBe(false);
});

it.each([
	['http://n8n/7/runflow?signature=a', 'http://n8n/7/runflow'],
	['http://n8n/7/runflow?a=1&signature=b', 'http://n8n/7/runflow'],
	['https://example.com/?a=1', 'https://example.com/?a=1'],
	['https://example.com/signature=1', 'https://example.com/signature=1'],
])('shows the address %s without its signature', (address, shown) => {
	expect(rawRun({ id: '1', callback_url: address })).toEqual({
		id: '1',
		callback_url: shown,
	});
});

it('does not change a record without an address', () => {
	const run = { id: '1', callback_url: null };
	expect(rawRun(run)).toEqual(run);
});

describe('what was noted when it was suspended', () => {
	const suspension = { id: '7 1', till: 1, executionId: '7', nodeRunIndex: 0, items: [] };
	const at = (kept: unknown) =>
		({
			getNode: () => ({ name: 'Wan 2.7' }),
			runExecutionData: { executionData: { contextData: { 'node:Wan 2.7': kept } } },
		}) as unknown as IWebhookFunctions;

	it('is found', () => {
		expect(suspensionOf(at({ suspension }))).toBe(suspension);
	});

	it.each([
		[undefined],
		['7 1'],
		[{ ...suspension, id: 7 }],
		[{ ...suspension, till: '1' }],
		[{ ...suspension, items: {} }],
	])('is not taken from %j', (other) => {
		expect(suspensionOf(at({ suspension: other }))).toBeUndefined();
	});

	it.each([[undefined], [null]])('is not there without an execution: %s', (runExecutionData) => {
		expect(suspensionOf({ runExecutionData } as unknown as IWebhookFunctions)).toBeUndefined();
	});
});

const output = {
	simplify: true,
	splitOutputs: false,
	downloadInto: undefined,
	includeInputFields: false,
};
/** Of an execution whose second item had failed before. */
const suspension = {
	id: '7 1',
	till: 1,
	executionId: '7',
	nodeRunIndex: 0,
	items: [{ runId: 'a', output }, { failed: { error: 'No credit left' } }],
};

it('waits only for the items that have a run', () => {
	expect(runIdsOf(suspension)).toEqual(['a']);
});

describe('the error of an item that failed before the execution was suspended', () => {
	const kept = { suspension, nodeRuns: [0, 1] };

	it('is given again when the node runs again', () => {
		expect(failedBefore(itemContext({ kept, itemIndex: 1 }))).toEqual({ error: 'No credit left' });
	});

	it.each([
		['an item that had not failed', { kept, itemIndex: 0 }],
		['another item', { kept, itemIndex: 2 }],
		['another execution', { kept, itemIndex: 1, executionId: '8' }],
		['another run of the node', { kept, itemIndex: 1, runIndex: 1 }],
		['a node that was never suspended', { kept: {}, itemIndex: 1 }],
	])('is not that of %s', (_what, where) => {
		expect(failedBefore(itemContext(where))).toBeUndefined();
	});
});

describe('a run that an execution was suspended for', () => {
	const at = (kept: object) =>
		({ getContext: () => kept }) as unknown as IExecutePaginationFunctions;

	it.each([
		['one of its', { suspension }, 'a', true],
		['another one', { suspension }, 'b', false],
		['none, since it was never suspended', {}, 'a', false],
		['none, by what is no such note', { suspension: { items: [{ runId: 'a' }] } }, 'a', false],
	])('is distinguished from others: %s', (_which, kept, runId, was) => {
		expect(wasSuspendedFor(at(kept), runId)).toBe(was);
	});
});

describe('a node that must run again', () => {
	const input = [{ json: { a: 1 } }];
	const at = (disabled: boolean | undefined, suspendedInput: unknown) => {
		const executeData = { node: { disabled }, data: { main: [[]], suspendedInput } };
		return { executeData, context: { executeData } as unknown as IWebhookFunctions };
	};

	it('gets its own input', () => {
		const { executeData, context } = at(true, [input]);
		expect(runAgain(context)).toBe(input);
		expect(executeData).toEqual({ node: { disabled: false }, data: { main: [[]] } });
	});

	it.each([
		['is not put to rest by n8n', at(false, [input])],
		['is left alone by this version of n8n', at(undefined, [input])],
		['has no input kept', at(true, undefined)],
		['has an input of another kind', at(true, ['x'])],
	])('does not where it %s', (_what, { executeData, context }) => {
		const before = structuredClone(executeData);
		expect(runAgain(context)).toBeUndefined();
		expect(executeData).toEqual(before);
	});

	it('does not where n8n gives no entry', () => {
		expect(runAgain({} as unknown as IWebhookFunctions)).toBeUndefined();
	});
});
