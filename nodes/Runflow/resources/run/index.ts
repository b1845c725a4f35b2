import type { Resource } from '../../../shared/properties/resource';
import { get } from './get';

/** Runs of any model, whoever started them. */
export const run: Resource = {
	option: { name: 'Run', value: 'run', description: 'Runs of any model, whoever started them' },
	operations: [get],
	initial: get.option.value,
};
