import { isReached } from './part';
import { table } from './table';

describe('isReached', () => {
	it.each([
		[1.2, { atMost: 1.2 }, true],
		[1.21, { atMost: 1.2 }, false],
		[1, { atLeast: 1 }, true],
		[0.99, { atLeast: 1 }, false],
	])('of %d with %p is %p', (value, goal, expected) => {
		expect(isReached({ value, goal })).toBe(expected);
	});

	it('is left open without a goal', () => {
		expect(isReached({ value: 1 })).toBeUndefined();
	});
});

describe('table', () => {
	it('has a line for each row, in columns', () => {
		const text = table({
			created: [{ what: 'CPU', value: 1.5, unit: '×', goal: { atMost: 1.2 }, from: '3 ms / 2 ms' }],
			load: [
				{ what: 'size', value: 59874, unit: 'B', goal: { atMost: 120_000 }, from: 'npm pack' },
				{ what: 'files', value: 61, unit: 'files', from: 'npm pack' },
			],
		});
		expect(text.split('\n')).toEqual([
			'Part     Measured  Figure      Goal        Reached  From',
			'created  CPU       1.50 ×      ≤ 1.2 ×     NO       3 ms / 2 ms',
			'load     size      59874 B     ≤ 120000 B  yes      npm pack',
			'load     files     61.0 files                       npm pack',
		]);
	});
});
