import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { n8n, repository } from '../../package.json';
import { ROOT } from '../repositoryFiles';

it.each(n8n.nodes)('%s leads to its page in this repository', (file) => {
	const codex = JSON.parse(readFileSync(join(ROOT, file.replace(/js$/, 'json')), 'utf8')) as {
		resources: { primaryDocumentation: { url: string }[] };
	};
	const [first] = codex.resources.primaryDocumentation;
	const [, owner] = /github\.com\/(.+)\.git$/.exec(repository.url) ?? [];
	const pages = `https://github.com/${owner}/blob/main/`;
	expect(first?.url.startsWith(pages)).toBe(true);
	const page = first?.url.slice(pages.length).split('#')[0] ?? '';
	expect(existsSync(join(ROOT, page))).toBe(true);
});
