import type { Resource } from '../../../shared/properties/resource';
import { get } from './get';
import { getAll } from './getAll';
import { getCallbackDeliveries } from './getCallbackDeliveries';
import { redeliverCallback } from './redeliverCallback';

/** Runs of any model. */
export const run: Resource = {
	option: { name: 'Run', value: 'run', description: 'Runs of any model' },
	operations: [get, getCallbackDeliveries, getAll, redeliverCallback],
	initial: get.option.value,
};
