import { mapConcurrent } from '../../../../nodes/shared/async/mapConcurrent';

describe('mapConcurrent', () => {
	it('gives the results in the order of the entries, five at work at a time', async () => {
		let atWork = 0;
		let most = 0;
		const results = await mapConcurrent(
			Array.from({ length: 23 }, (_, index) => index),
			async (entry, index) => {
				most = Math.max(most, ++atWork);
				// Later ones are done sooner.
				for (let tick = entry; tick < 23; tick++) await Promise.resolve();
				atWork--;
				return [entry, index];
			},
		);
		expect(results).toEqual(Array.from({ length: 23 }, (_, index) => [index, index]));
		expect(most).toBe(5);
	});

	it('fails with what fails', async () => {
		const failing = mapConcurrent([1], async () => await Promise.reject(new Error('no')));
		await expect(failing).rejects.toThrow('no');
	});
});
