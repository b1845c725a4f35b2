import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { fetchAllModels, fetchModels } from '../../../shared/api/catalogue/catalogue';
import { editorConnection } from '../../../shared/api/catalogue/editorConnection';
import { editorError } from '../../../shared/api/errorTexts/editorError';
import { isActive, readModelId } from '../../../shared/api/catalogue/models';
import { asText } from '../../../shared/values/json';
import { hasWords, searchWords } from '../../../shared/values/text';
import { LIST_OF_MODELS } from './listOfModels';

/**
 * The list of models to choose from. n8n asks for further pages only where nothing is searched for, so a search reads
 * all of them.
 * @param filter words that the model's name, id, category or price has to hold
 * @param cursor which page to read
 */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
	cursor = '',
): Promise<INodeListSearchResult> {
	const connection = await editorConnection(this);
	const words = searchWords(filter);
	if (words.length === 0) {
		const page = await fetchModels(this, { cursor }, connection);
		if (!page.ok) throw editorError(this, page.error, LIST_OF_MODELS);
		const { models, next } = page.value;
		return { results: entriesOf(models), ...(next === '' ? {} : { paginationToken: next }) };
	}
	const all = await fetchAllModels(this, {}, connection);
	if (!all.ok) throw editorError(this, all.error, LIST_OF_MODELS);
	const results = entriesOf(all.value).filter(({ name, value }) =>
		hasWords(`${name} ${value}`, words),
	);
	return { results };
}

function entriesOf(models: IDataObject[]): INodeListSearchItems[] {
	return models
		.filter((model) => isActive(model) && readModelId(model) !== '')
		.map(entryOf)
		.sort((a, b) => a.name.localeCompare(b.name));
}

/** n8n shows only the name, and of the chosen model about its first 30 characters: the price comes before the category. */
function entryOf(model: IDataObject): INodeListSearchItems {
	const id = readModelId(model);
	const isDown = asText(model.availability_status) === 'unavailable';
	const parts = [
		asText(model.name) || id,
		isDown ? 'not available now' : '',
		asText(model.pricing_note),
		asText(model.category_code),
	];
	return {
		name: parts.filter((part) => part !== '').join(' · '),
		value: id,
		url: `https://docs.runflow.io/models/${id}`,
	};
}
