import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

import { contentProblems, MAX_TARBALL_BYTES, readPacked } from './contents';

const ROOT = resolve(__dirname, '../..');

interface Manifest {
	name: string;
	version: string;
	scripts: Record<string, string>;
	dependencies?: Record<string, string>;
	peerDependencies: Record<string, string>;
	overrides?: unknown;
	license: string;
	main: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

describe('the tarball', () => {
	const packed = readPacked(
		execFileSync('npm', ['pack', '--dry-run', '--json'], {
			cwd: ROOT,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}),
	);
	const files = packed.files.map(({ path }) => path);
	const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

	it(`is at most ${MAX_TARBALL_BYTES} bytes, and holds what users need and nothing else`, () => {
		expect(packed.size).toBeGreaterThan(1000);
		expect(contentProblems(packed, manifest)).toEqual([]);
	});

	it.each([
		['too much', ['dist/nodes/Wan27/Wan27.node.js.map', '.npmrc', 'test/package.test.ts'], []],
		['too little', [], ['LICENSE', 'dist/icons/wan27.dark.svg', ...manifest.n8n.nodes]],
	])('would be noticed to hold %s', (_, more: string[], missing: string[]) => {
		const paths = [...files.filter((file) => !missing.includes(file)), ...more];
		const problems = contentProblems(
			{ ...packed, files: paths.map((path) => ({ path })) },
			manifest,
		);
		expect(problems).toHaveLength(more.length + missing.length);
	});

	it('would be noticed to be too large', () => {
		expect(contentProblems({ ...packed, size: MAX_TARBALL_BYTES + 1 }, manifest)).toEqual([
			'The tarball has 120001 bytes, which is over 120000.',
		]);
	});

	it('requires only itself, Node and n8n-workflow', () => {
		const required = files
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) =>
				[...read(file).matchAll(/\brequire\((['"])(.+?)\1\)/g)].map(([, , name]) => ({
					file,
					name: String(name),
				})),
			);
		expect(required.map(({ name }) => name)).toContain('n8n-workflow');
		const foreign = required.filter(({ file, name }) => {
			if (!name.startsWith('.')) {
				return name !== 'n8n-workflow' && !builtinModules.includes(name.replace(/^node:/, ''));
			}
			const target = join(dirname(file), name);
			return !files.some((each) => [target, `${target}.js`, `${target}/index.js`].includes(each));
		});
		expect(foreign).toEqual([]);
	});

	it('contains nothing about the machine that built it, and no source maps', () => {
		const telling = files.filter((file) =>
			[ROOT, 'sourceMappingURL'].some((trace) => read(file).includes(trace)),
		);
		expect(telling).toEqual([]);
	});
});

describe('package.json', () => {
	it('has no runtime dependencies, and only n8n-workflow as a peer', () => {
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.overrides).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.license).toBe('MIT');
	});

	it('runs nothing when it is installed', () => {
		const run = ['preinstall', 'install', 'postinstall', 'prepare'];
		expect(run.filter((script) => script in manifest.scripts)).toEqual([]);
	});

	it('leads to the same classes as index.js, each by the name that n8n makes of its file', () => {
		// eslint's rule against require is for the package; this is what its users write.
		const main = jest.requireActual<Record<string, unknown>>(join(ROOT, manifest.main));
		const loaded = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
		for (const file of loaded) {
			const name = String(basename(file).split('.')[0]);
			const own = jest.requireActual<Record<string, { name: string }>>(join(ROOT, file));
			expect(Object.keys(own)).toEqual([name]);
			expect(own[name]?.name).toBe(name);
			expect(main[name]).toBe(own[name]);
		}
		expect(Object.keys(main)).toHaveLength(loaded.length);
	});
});

describe('icons', () => {
	it.each([
		'nodes/RunflowTrigger/RunflowTrigger.node',
		'nodes/Wan27/Wan27.node',
		'credentials/RunflowApi.credentials',
	])('of %s exist, and differ in light and dark', (file) => {
		const built = join(ROOT, 'dist', `${file}.js`);
		const [type] = Object.values(jest.requireActual<Record<string, new () => unknown>>(built)).map(
			(Type) => new Type(),
		);
		const { icon } = ((type as { description?: unknown }).description ?? type) as {
			icon: Record<'light' | 'dark', string>;
		};
		const [light, dark] = [icon.light, icon.dark].map((path) => {
			const full = join(dirname(built), path.replace('file:', ''));
			expect(existsSync(full)).toBe(true);
			return readFileSync(full, 'utf8');
		});
		expect(light).not.toBe(dark);
	});
});
