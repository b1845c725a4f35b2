import type { Resource } from '../../../shared/properties/resource';
import { getAll } from './getAll';
import { run } from './run';

/** Every model of Runflow's catalogue. */
export const model: Resource = {
	option: { name: 'Model', value: 'model', description: 'Every model of Runflow' },
	operations: [getAll, run],
	initial: run.option.value,
};
