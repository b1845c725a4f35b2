import { BALANCE_PATH, fetchBalance } from '../../../shared/api/balance';
import type { OtherPurpose } from '../../../shared/api/errorTexts/errorTexts';
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
		action: 'Get account balance',
		description: 'Get the remaining credit, e.g. to stop before it runs out',
		routing: apiRouting({
			method: 'GET',
			url: BALANCE_PATH,
			async execute({ context, connection, request }) {
				const balance = await request(async () => await fetchBalance(context, connection), PURPOSE);
				return isFailure(balance) ? balance : [{ json: balance }];
			},
		}),
	},
	fields: [],
	options: [],
};
