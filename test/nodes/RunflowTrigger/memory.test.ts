import {
	countStarts,
	digestOf,
	dropMemory,
	memoryOf,
	noteStart,
	queueForSaving,
	recall,
	type Memory,
} from '../../../nodes/RunflowTrigger/behaviour/memory';

let memory: Memory;

beforeEach(() => {
	dropMemory('key');
	memory = memoryOf('key');
});

it('is one for all requests to a trigger, and none of another', () => {
	expect(memoryOf('key')).toBe(memory);
	expect(memoryOf('other')).not.toBe(memory);
	dropMemory('other');
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

describe('recall', () => {
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
		['no starts', [1, null, 'b.1'], ['b.1', 'a.2']],
		['starts without a time, as older', ['b'], ['b', 'a.2']],
	])('takes in %s', (_what, saved, starts) => {
		jest.spyOn(Date, 'now').mockReturnValue(2);
		noteStart(memory, 'a');
		recall(memory, saved);
		expect(memory.starts).toEqual(starts);
	});

	it('changes nothing the second time', () => {
		recall(memory, ['a.1', 'b.2', 'a.3']);
		recall(memory, ['a.1', 'b.2', 'a.3']);
		expect(memory.starts).toEqual(['a.1', 'b.2', 'a.3']);
	});

	it('takes its own list for what it is', () => {
		noteStart(memory, 'a');
		recall(memory, memory.starts);
		expect(memory.starts).toHaveLength(1);
	});

	it('keeps the newest 500', () => {
		noteStart(memory, 'new');
		recall(
			memory,
			Array.from({ length: 600 }, (_, index) => `old-${index}.${index.toString(36)}`),
		);
		expect(memory.starts).toHaveLength(500);
		expect(memory.starts.at(-1)).toMatch(/^new\./);
		expect(memory.starts[0]).toMatch(/^old-101\./);
	});

	it('takes in a newer start of another process when its own 500 are full', () => {
		for (let index = 0; index < 500; index++) noteStart(memory, `own-${index}`);
		recall(memory, [`other.${(Date.now() + 1).toString(36)}`]);
		expect(countStarts(memory, 'other')).toBe(1);
		expect(memory.starts).toHaveLength(500);
		expect(countStarts(memory, 'own-0')).toBe(0);
	});
});

it('counts starts', () => {
	for (const digest of ['a', 'b', 'a']) noteStart(memory, digest);
	expect(countStarts(memory, 'a')).toBe(2);
});

describe('saving', () => {
	it('is due for a request that comes alone', () => {
		expect(queueForSaving(memory).isDue(true)).toBe(true);
		expect(queueForSaving(memory).isDue(true)).toBe(true);
	});

	it('is due for the last of those that come together', () => {
		const turns = [queueForSaving(memory), queueForSaving(memory), queueForSaving(memory)];
		expect(turns.map((turn) => turn.isDue(true))).toEqual([false, false, true]);
	});

	it('is due for every eighth while more are under way', () => {
		const turns = Array.from({ length: 20 }, () => queueForSaving(memory));
		const due = turns.flatMap((turn, index) => (turn.isDue(true) ? [index] : []));
		expect(due).toEqual([7, 15, 19]);
	});

	it('is left by a request that may not write to the next one', () => {
		expect(queueForSaving(memory).isDue(false)).toBe(false);
		expect(memory.unsaved).toBe(1);
		expect(queueForSaving(memory).isDue(true)).toBe(true);
		expect(memory.unsaved).toBe(0);
	});

	it('is not left to a request that ended without its turn', () => {
		const [lost, other] = [queueForSaving(memory), queueForSaving(memory)];
		lost.end();
		lost.end();
		expect(other.isDue(true)).toBe(true);
	});
});
