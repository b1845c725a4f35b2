import { rotated, kept, median, shown } from './figures';

describe('median', () => {
	it('is the middle of an odd number of values, in any order', () => {
		expect(median([30, 1, 2])).toBe(2);
	});

	it('is the mean of the two in the middle of an even number', () => {
		expect(median([4, 100, 1, 3])).toBe(3.5);
	});

	it('is the value where there is one only', () => {
		expect(median([7])).toBe(7);
	});

	it('changes nothing', () => {
		const values = [3, 1, 2];
		median(values);
		expect(values).toEqual([3, 1, 2]);
	});

	it('is refused of nothing', () => {
		expect(() => median([])).toThrow('There is no median of nothing');
	});
});

describe('shown', () => {
	it.each([
		[0.874, '0.87'],
		[9.996, '10.00'],
		[12.34, '12.3'],
		[59874, '59874'],
		[-0.5, '-0.50'],
	])('shows %d as %s', (value, text) => {
		expect(shown(value)).toBe(text);
	});
});

describe('kept', () => {
	it.each([
		[1.23456, 1.235],
		[59874, 59870],
		[0, 0],
	])('keeps %d as %d', (value, expected) => {
		expect(kept(value)).toBe(expected);
	});
});

describe('rotated', () => {
	it('is all of them, another one first each time', () => {
		const all = ['a', 'b', 'c'];
		expect([0, 1, 2, 3].map((by) => rotated(all, by).join(''))).toEqual([
			'abc',
			'bca',
			'cab',
			'abc',
		]);
	});
});
