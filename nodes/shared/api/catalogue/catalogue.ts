import type { IDataObject } from 'n8n-workflow';

import { callApi, type RequestContext, type Connection } from '../client';
import { readInputs, readModel, readModelId, readModels, type ModelsPage } from './models';
import type { ApiResult, Read } from '../result/result';

/** The most models that are asked for at once. @see docs/runflow-api.md, "Catalogue" */
const PAGE = 500;
/** The most pages that are read to find a model: 10,000 models. */
const MAX_PAGES = 20;
/** The models that everybody may run. */
const PUBLIC_MODELS = '/v1/public/models';
/** Those that the API key may run. */
const OWN_MODELS = '/v1/models';

/** Which part of the catalogue to read. */
export interface CataloguePart {
	/** The `next` of the page before; left out for the first page. */
	cursor?: string;
	/** Whether the fields of each model are wanted. */
	withInputs?: boolean;
}

/**
 * Reads a page of the catalogue: of the public models or, where they cannot be read, of those of the API key.
 * @returns the page, whose `next` is the cursor for this function
 * @see docs/runflow-api.md, "Catalogue"
 */
export async function fetchModels(
	context: RequestContext,
	{ cursor = '', withInputs = false }: CataloguePart,
	connection: Connection,
): Promise<ApiResult<ModelsPage>> {
	const [path = '', pq = ''] = cursor.split(SEPARATOR);
	const fetchPage = async (url: string) => {
		const qs = { limit: PAGE, ...(pq === '' ? {} : { pq }) };
		const page = await fetchWithInputs(context, { url, qs, withInputs }, connection, readModels);
		if (!page.ok || page.value.next === '') return page;
		const next = `${url}${SEPARATOR}${page.value.next}`;
		return { ...page, value: { ...page.value, next } };
	};
	if (path !== '') return await fetchPage(path);
	const models = await fetchPage(PUBLIC_MODELS);
	if (models.ok) return models;
	const own = await fetchPage(OWN_MODELS);
	return own.ok ? own : models;
}

/** Between the path of a list and Runflow's cursor. */
const SEPARATOR = ' ';

/**
 * Reads all pages of the catalogue, or those up to a page that is enough.
 * @param isEnough whether no further page is wanted
 */
export async function fetchAllModels(
	context: RequestContext,
	part: Pick<CataloguePart, 'withInputs'>,
	connection: Connection,
	isEnough: (models: IDataObject[]) => boolean = () => false,
): Promise<ApiResult<IDataObject[]>> {
	const all: IDataObject[] = [];
	let cursor = '';
	for (let pages = 1; ; pages++) {
		const page = await fetchModels(context, { ...part, cursor }, connection);
		if (!page.ok) return page;
		all.push(...page.value.models);
		cursor = page.value.next;
		if (cursor === '' || pages >= MAX_PAGES || isEnough(all)) return { ...page, value: all };
	}
}

/**
 * Reads a model's record, with its fields where Runflow shows them anywhere. Whether a slug of several segments is taken
 * as such, and where `inputs` must be embedded, is not documented.
 * @param id such as `alibaba/wan/v2.7/pro/edit`
 * @returns undefined if the model does not exist
 * @see docs/runflow-api.md, "Catalogue"
 */
export async function fetchModel(
	context: RequestContext,
	id: string,
	connection: Connection,
): Promise<ApiResult<IDataObject | undefined>> {
	const [owner = '', ...segments] = id.split('/').map(encodeURIComponent);
	const paths = new Set([segments.join('/'), segments.join('%2F')]);
	let known: ApiResult<IDataObject> | undefined;
	for (const path of paths) {
		const call = { url: `${OWN_MODELS}/${owner}/${path}`, qs: {}, withInputs: true };
		const found = await fetchWithInputs(context, call, connection, readModel);
		if (found.ok && readInputs(found.value) !== undefined) return found;
		if (known?.ok !== true) known = found;
	}
	const isIt = (model: IDataObject) => readModelId(model) === id;
	const all = await fetchAllModels(context, { withInputs: true }, connection, (models) =>
		models.some(isIt),
	);
	const listed = all.ok ? all.value.find(isIt) : undefined;
	if (all.ok && listed !== undefined) return { ...all, value: listed };
	if (known?.ok === true) return known;
	return all.ok ? { ...all, value: undefined } : all;
}

/** Where embedding is refused, Runflow shows the fields without, or not at all. */
async function fetchWithInputs<Value>(
	context: RequestContext,
	{ url, qs, withInputs }: { url: string; qs: IDataObject; withInputs: boolean },
	connection: Connection,
	read: Read<Value>,
): Promise<ApiResult<Value>> {
	const get = async (query: IDataObject) =>
		await callApi(context, { method: 'GET', url, qs: query }, connection, read);
	if (!withInputs) return await get(qs);
	const embedded = await get({ ...qs, embed: 'inputs' });
	return !embedded.ok && EMBED_REFUSED.has(embedded.error.status ?? 0) ? await get(qs) : embedded;
}

/** How a query that Runflow does not know is refused. */
const EMBED_REFUSED: ReadonlySet<number> = new Set([400, 422]);
