import type { Found } from '../../../../nodes/shared/run/suspend/callbackProgress';
import { coalesce, type Coalesced } from '../../../../nodes/shared/async/coalesce';
import { until } from '../../../until';

describe('coalesce', () => {
	/** Tasks that end when the test says so. */
	function controlledTasks() {
		const ends: ((found: Found) => void)[] = [];
		const task = async () =>
			await new Promise<Found>((resolve) => {
				ends.push(resolve);
			});
		return { ends, task };
	}

	it('lets calls during a task share the next one, which begins when that has ended', async () => {
		const calls: Coalesced<Found> = {};
		const { ends, task } = controlledTasks();
		const first = coalesce(calls, task);
		await until(() => ends.length >= 1);
		const others = [coalesce(calls, task), coalesce(calls, task)];
		await new Promise(setImmediate);
		expect(ends).toHaveLength(1);
		ends[0]?.('unfinished');
		expect(await first).toBe('unfinished');
		await until(() => ends.length >= 2);
		const late = coalesce(calls, task);
		ends[1]?.('all ended');
		expect(await Promise.all(others)).toEqual(['all ended', 'all ended']);
		await until(() => ends.length >= 3);
		ends[2]?.('unclear');
		expect(await late).toBe('unclear');
		expect(ends).toHaveLength(3);
	});

	it('has those that come in the same moment share one', async () => {
		const calls: Coalesced<Found> = {};
		const { ends, task } = controlledTasks();
		const all = [coalesce(calls, task), coalesce(calls, task), coalesce(calls, task)];
		await until(() => ends.length >= 1);
		ends[0]?.('all ended');
		expect(await Promise.all(all)).toEqual(Array(3).fill('all ended'));
		expect(ends).toHaveLength(1);
	});

	it('continues after a task that fails', async () => {
		const calls: Coalesced<Found> = {};
		const failing = coalesce(calls, async () => await Promise.reject(new Error('no')));
		await expect(failing).rejects.toThrow('no');
		expect(await coalesce(calls, async () => await Promise.resolve('all ended'))).toBe('all ended');
	});
});
