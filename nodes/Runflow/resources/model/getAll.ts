import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { fetchModels } from '../../../shared/api/catalogue/catalogue';
import { readModelId } from '../../../shared/api/catalogue/models';
import { isStopped } from '../../../shared/n8n/executionOver';
import { limitField, LIST_SETTINGS, returnAllField } from '../../../shared/properties/list';
import type { Operation } from '../../../shared/properties/operation';
import { simplify } from '../../../shared/properties/runParameters';
import { apiRouting, type ItemCall } from '../../../shared/run/apiRouting';
import { isFailure, type Failure } from '../../../shared/run/read/itemErrors';
import { flag, text } from '../../../shared/validation/rules';
import type { SettingsTable } from '../../../shared/validation/settings';
import { asText } from '../../../shared/values/json';
import { hasWords, searchWords } from '../../../shared/values/text';
import { LIST_OF_MODELS } from './listOfModels';

const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Which models to return',
	options: [
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			placeholder: 'e.g. image to video',
			description:
				'Words to find in the ID, name, category or price of the model. All of them must be found.',
		},
	],
};

interface Settings {
	returnAll: boolean;
	limit: number;
	search: string;
	simplify: boolean;
}

const SETTINGS: SettingsTable<Settings> = {
	...LIST_SETTINGS,
	// No words would mean all models.
	search: {
		path: 'filters.search',
		title: 'Search',
		rule: text(),
		otherwise: '',
		mustFind: true,
	},
	simplify: { path: 'simplify', title: 'Simplify', rule: flag, otherwise: true },
};

/** The models of the catalogue. @see docs/runflow-api.md, "Catalogue" */
export const getAll: Operation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many models',
		description: 'Get the models of Runflow with their prices, one item each',
		routing: apiRouting({
			method: 'GET',
			url: '/v1/public/models',
			async execute(item) {
				const settings = item.settings(SETTINGS);
				if (isFailure(settings)) return settings;
				const models = await findModels(item, settings);
				return isFailure(models) ? models : models.map((json) => ({ json }));
			},
		}),
	},
	fields: [returnAllField, limitField, filtersField, simplify],
	options: [],
};

/** Reads pages of the catalogue until there are enough. The node itself searches for the words. */
async function findModels(
	{ context, connection, request }: ItemCall,
	{ returnAll, limit, search, simplify: isSimplified }: Settings,
): Promise<IDataObject[] | Failure> {
	const words = searchWords(search);
	const most = returnAll ? Infinity : limit;
	const found: IDataObject[] = [];
	const cursors = new Set<string>();
	let cursor = '';
	do {
		cursors.add(cursor);
		const page = await request(
			async () => await fetchModels(context, { cursor }, connection),
			LIST_OF_MODELS,
		);
		if (isFailure(page)) return page;
		for (const model of page.models) {
			const simplified = simplifyModel(model);
			if (found.length >= most) break;
			if (hasWords(searchedText(simplified), words)) found.push(isSimplified ? simplified : model);
		}
		cursor = page.next;
	} while (cursor !== '' && !cursors.has(cursor) && found.length < most && !isStopped(context));
	return found;
}

/** What helps to choose a model, by Runflow's names. Its slug is what Model → Run takes. */
function simplifyModel(model: IDataObject): IDataObject {
	return {
		slug: readModelId(model) || (model.slug ?? null),
		name: model.name ?? null,
		category_code: model.category_code ?? null,
		pricing_note: model.pricing_note ?? null,
		availability_status: model.availability_status ?? null,
	};
}

function searchedText({ slug, name, category_code, pricing_note }: IDataObject): string {
	return [slug, name, category_code, pricing_note].map(asText).join('\n');
}
