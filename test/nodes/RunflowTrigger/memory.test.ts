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
	it.each([
		['nothing', undefined, ['a']],
		['no list', { a: 1 }, ['a']],
		['what is known', ['a'], ['a']],
		['what is new, as older', ['b', 'a', 'c'], ['b', 'c', 'a']],
		['a second start of the same', ['a', 'a'], ['a', 'a']],
		['no digests', [1, null, 'b'], ['b', 'a']],
	])('takes in %s', (_what, saved, starts) => {
		noteStart(memory, 'a');
		recall(memory, saved);
		expect(memory.starts).toEqual(starts);
	});

	it('changes nothing the second time', () => {
		recall(memory, ['a', 'b', 'a']);
		recall(memory, ['a', 'b', 'a']);
		expect(memory.starts).toEqual(['a', 'b', 'a']);
	});

	it('takes its own list for what it is', () => {
		noteStart(memory, 'a');
		recall(memory, memory.starts);
		expect(memory.starts).toEqual(['a']);
	});

	it('keeps the newest 500', () => {
		noteStart(memory, 'new');
		recall(
			memory,
			Array.from({ length: 600 }, (_, index) => `old-${index}`),
		);
		expect(memory.starts).toHaveLength(500);
		expect(memory.starts.at(-1)).toBe('new');
		expect(memory.starts[0]).toBe('old-101');
	});
});

it('counts starts', () => {
	for (const digest of ['a', 'b', 'a']) noteStart(memory, digest);
	expect(countStarts(memory, 'a')).toBe(2);
});

describe('saving', () => {
	it('is due for a request that comes alone', () => {
		expect(queueForSaving(memory).isDue()).toBe(true);
		expect(queueForSaving(memory).isDue()).toBe(true);
	});

	it('is due for the last of those that come together', () => {
		const turns = [queueForSaving(memory), queueForSaving(memory), queueForSaving(memory)];
		expect(turns.map((turn) => turn.isDue())).toEqual([false, false, true]);
	});

	it('is due for every eighth while more are under way', () => {
		const turns = Array.from({ length: 20 }, () => queueForSaving(memory));
		const due = turns.flatMap((turn, index) => (turn.isDue() ? [index] : []));
		expect(due).toEqual([7, 15, 19]);
	});

	it('is not left to a request that ended without its turn', () => {
		const [lost, other] = [queueForSaving(memory), queueForSaving(memory)];
		lost.end();
		lost.end();
		expect(other.isDue()).toBe(true);
	});
});
