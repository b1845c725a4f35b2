import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { testRunflowApi } from '../shared/credential/testCredential';
import { resumeOnCallback } from '../shared/run/suspend/resume/resumeOnCallback';
import {
	linksExpireHint,
	requestDefaults,
	resumeWebhooks,
	waitingNodeTooltip,
} from '../shared/properties/nodeDescription';
import { requestOptions } from '../shared/properties/requestOptions';
import { resourceParameters } from '../shared/properties/resource';
import { resources } from './resources';
import { readForm } from './resources/model/readForm';
import { searchModels } from './resources/model/searchModels';
import { searchRuns } from './resources/run/searchRuns';

export class Runflow implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Runflow',
		name: 'runflow',
		icon: { light: 'file:../../icons/runflow.svg', dark: 'file:../../icons/runflow.dark.svg' },
		group: ['transform'],
		// Not 1, as in Runflow Trigger: n8n would evaluate an expression for every callback.
		version: 1.1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Get runs, files and the balance from Runflow, or run any of its models',
		defaults: { name: 'Runflow' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true, testedBy: 'testRunflowApi' }],
		webhooks: resumeWebhooks,
		waitingNodeTooltip,
		hints: [linksExpireHint],
		requestDefaults,
		properties: [...resourceParameters(resources, 'run'), requestOptions],
	};

	methods = {
		credentialTest: { testRunflowApi },
		listSearch: { searchModels, searchRuns },
		resourceMapping: { readForm },
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeOnCallback(this);
	}
}
