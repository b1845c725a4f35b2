import {
	countStarts,
	digestOf,
	dropDeliveryLog,
	deliveryLogOf,
	noteStart,
	queueForSaving,
	mergeSaved,
	type DeliveryLog,
} from '../../../../nodes/RunflowTrigger/deduplication/deliveryLog';

let deliveryLog: DeliveryLog;

beforeEach(() => {
	dropDeliveryLog('key');
	deliveryLog = deliveryLogOf('key');
});

it('is one for all requests to a trigger, and none of another', () => {
	expect(deliveryLogOf('key')).toBe(deliveryLog);
	expect(deliveryLogOf('other')).not.toBe(deliveryLog);
	dropDeliveryLog('other');
});

describe('digestOf', () => {
	it('is 128 bits of SHA-256, as text', () => {
		// printf '{}' | openssl dgst -sha256 -binary | head -c 16 | base64
		expect(digestOf(Buffer.from('{}'))).toBe('RBNvo1WzZ4oRRq0W9-hkng');
	});

	it('differs with every byte', () => {
		expect(digestOf(Buffer.from('{} '))).not.toBe(digestOf(Buffer.from('{}')));
	});
});

describe('mergeSaved', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	it.each([
		['nothing', undefined, ['a.2']],
		['no list', { a: 1 }, ['a.2']],
		['what is known', ['a.2'], ['a.2']],
		['what is older and what is newer', ['b.1', 'a.2', 'c.3'], ['b.1', 'a.2', 'c.3']],
		['a second start of the same', ['a.1', 'a.2'], ['a.1', 'a.2']],
		['the same start by another process', ['a.3'], ['a.2']],
		['the second of two starts by another process', ['a.3', 'a.4'], ['a.2', 'a.4']],
		['no starts', [1, null, 'b.1'], ['b.1', 'a.2']],
		['starts without a time, as older', ['b'], ['b', 'a.2']],
	])('takes in %s', (_what, saved, starts) => {
		jest.spyOn(Date, 'now').mockReturnValue(2);
		noteStart(deliveryLog, 'a');
		mergeSaved(deliveryLog, saved);
		expect(deliveryLog.starts).toEqual(starts);
	});

	it('changes nothing the second time', () => {
		mergeSaved(deliveryLog, ['a.1', 'b.2', 'a.3']);
		mergeSaved(deliveryLog, ['a.1', 'b.2', 'a.3']);
		expect(deliveryLog.starts).toEqual(['a.1', 'b.2', 'a.3']);
	});

	it('takes its own list for what it is', () => {
		noteStart(deliveryLog, 'a');
		mergeSaved(deliveryLog, deliveryLog.starts);
		expect(deliveryLog.starts).toHaveLength(1);
	});

	it('keeps the newest 500', () => {
		noteStart(deliveryLog, 'new');
		mergeSaved(
			deliveryLog,
			Array.from({ length: 600 }, (_, index) => `old-${index}.${index.toString(36)}`),
		);
		expect(deliveryLog.starts).toHaveLength(500);
		expect(deliveryLog.starts.at(-1)).toMatch(/^new\./);
		expect(deliveryLog.starts[0]).toMatch(/^old-101\./);
	});

	it('takes in a newer start of another process when its own 500 are full', () => {
		for (let index = 0; index < 500; index++) noteStart(deliveryLog, `own-${index}`);
		mergeSaved(deliveryLog, [`other.${(Date.now() + 1).toString(36)}`]);
		expect(countStarts(deliveryLog, 'other')).toBe(1);
		expect(deliveryLog.starts).toHaveLength(500);
		expect(countStarts(deliveryLog, 'own-0')).toBe(0);
	});
});

it('counts starts', () => {
	for (const digest of ['a', 'b', 'a']) noteStart(deliveryLog, digest);
	expect(countStarts(deliveryLog, 'a')).toBe(2);
});

describe('saving', () => {
	it('is due for a single request', () => {
		expect(queueForSaving(deliveryLog).isDue(true)).toBe(true);
		expect(queueForSaving(deliveryLog).isDue(true)).toBe(true);
	});

	it('is due for the last of those that come together', () => {
		const entries = [
			queueForSaving(deliveryLog),
			queueForSaving(deliveryLog),
			queueForSaving(deliveryLog),
		];
		expect(entries.map((entry) => entry.isDue(true))).toEqual([false, false, true]);
	});

	it('is due for every eighth while more are under way', () => {
		const entries = Array.from({ length: 20 }, () => queueForSaving(deliveryLog));
		const due = entries.flatMap((entry, index) => (entry.isDue(true) ? [index] : []));
		expect(due).toEqual([7, 15, 19]);
	});

	it('is left by a request that may not write to the next one', () => {
		expect(queueForSaving(deliveryLog).isDue(false)).toBe(false);
		expect(deliveryLog.unsaved).toBe(1);
		expect(queueForSaving(deliveryLog).isDue(true)).toBe(true);
		expect(deliveryLog.unsaved).toBe(0);
	});

	it('is not left to a request that ended without its turn', () => {
		const [lost, other] = [queueForSaving(deliveryLog), queueForSaving(deliveryLog)];
		lost.end();
		lost.end();
		expect(other.isDue(true)).toBe(true);
	});
});
