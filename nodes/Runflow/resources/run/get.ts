import type { OtherPurpose } from '../../../shared/api/errorTexts';
import { simplifyRun, rawRun } from '../../../shared/api/output';
import { readRunRecord } from '../../../shared/api/run';
import type { Operation } from '../../../shared/properties/operation';
import { simplify } from '../../../shared/properties/runParameters';
import { apiRouting } from '../../../shared/run/apiRouting';
import { isFailure } from '../../../shared/run/read/itemErrors';
import { asText } from '../../../shared/values/json';

const PURPOSE: OtherPurpose = {
	what: 'a run',
	scope: 'runs:read',
	notFound:
		'Runflow knows no run with this ID, or it belongs to another organization. Check the ID, the API key and the Organization ID in the Runflow API credential.',
};

/** One run. @see docs/runflow-api.md, "Get a run" */
export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get run',
		description: 'Get a run with its outputs, whose links are signed anew',
		routing: apiRouting({
			method: 'GET',
			url: '/v1/runs/{id}',
			async execute({ context, call }) {
				const id = asText(context.getNodeParameter('runId', '', { extractValue: true })).trim();
				const url = `/v1/runs/${encodeURIComponent(id)}`;
				const run = await call({ method: 'GET', url }, readRunRecord, PURPOSE);
				if (isFailure(run)) return run;
				const isSimplified = context.getNodeParameter('simplify', true) === true;
				return [{ json: isSimplified ? simplifyRun(run) : rawRun(run) }];
			},
		}),
	},
	fields: [
		{
			displayName: 'Run',
			name: 'runId',
			type: 'resourceLocator',
			required: true,
			default: { mode: 'id', value: '' },
			description: 'The run to get',
			modes: [
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. 0199a3f2-7c1e-7b4e-9d55-2f6f0c1a8e10',
				},
			],
		},
		simplify,
	],
	options: [],
};
