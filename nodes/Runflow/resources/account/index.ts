import type { Resource } from '../../../shared/properties/resource';
import { getBalance } from './getBalance';

/** The organization's account at Runflow. */
export const account: Resource = {
	option: { name: 'Account', value: 'account', description: 'The credit of the organization' },
	operations: [getBalance],
	initial: getBalance.option.value,
};
