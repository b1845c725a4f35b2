import { runJson } from '../../../shared/api/output';
import type { Operation } from '../../../shared/properties/operation';
import { limitField, returnAllField, LIST_SETTINGS } from '../../../shared/properties/list';
import { simplify } from '../../../shared/properties/runParameters';
import { apiRouting } from '../../../shared/run/apiRouting';
import { isFailure } from '../../../shared/run/read/itemErrors';
import { flag } from '../../../shared/validation/rules';
import { filterSettings, filtersField } from './filters';
import { findRuns } from './findRuns';

/** The newest runs of the organization. @see docs/runflow-api.md, "List runs" */
export const getAll: Operation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many runs',
		description: 'Get the newest runs of the organization, one item each',
		routing: apiRouting({
			method: 'GET',
			url: '/v1/runs',
			async execute(item) {
				const settings = item.settings({
					...LIST_SETTINGS,
					...filterSettings(item.context.getTimezone()),
					simplify: { path: 'simplify', title: 'Simplify', rule: flag, otherwise: true },
				});
				if (isFailure(settings)) return settings;
				const { returnAll, limit, simplify: isSimplified, ...filters } = settings;
				const runs = await findRuns(item, {
					filters,
					limit: returnAll ? Infinity : limit,
					toJson: (run) => runJson(run, isSimplified),
				});
				return isFailure(runs) ? runs : runs.map((json) => ({ json }));
			},
		}),
	},
	fields: [returnAllField, limitField, filtersField, simplify],
	options: [],
};
