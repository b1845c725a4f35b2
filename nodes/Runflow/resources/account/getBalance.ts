import { isObject } from '../../../shared/values/json';
import type { OtherPurpose } from '../../../shared/api/errorTexts';
import type { Operation } from '../../../shared/properties/operation';
import { apiRouting } from '../../../shared/run/apiRouting';
import { isFailure } from '../../../shared/run/read/itemErrors';

const PURPOSE: OtherPurpose = {
	what: 'a balance',
	scope: 'credit_balance:read',
	notFound:
		'Runflow has no balance at this address. Check the Base URL in the Runflow API credential.',
};

/** The credit of the organization. @see docs/runflow-api.md, "Balance" */
export const getBalance: Operation = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get balance of account',
		description: 'Get the credit that is left, for example to stop before it runs out',
		routing: apiRouting({
			method: 'GET',
			url: '/v1/billing/balance',
			async execute({ call }) {
				const url = '/v1/billing/balance';
				const balance = await call(
					{ method: 'GET', url },
					({ body }) => (isObject(body) ? body : undefined),
					PURPOSE,
				);
				return isFailure(balance) ? balance : [{ json: balance }];
			},
		}),
	},
	fields: [],
	options: [],
};
