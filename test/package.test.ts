import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const MAX_TARBALL_BYTES = 60_000;

interface Packed {
	size: number;
	files: { path: string }[];
}

interface Manifest {
	dependencies?: Record<string, string>;
	peerDependencies: Record<string, string>;
	overrides?: unknown;
	license: string;
	main: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

describe('the tarball', () => {
	const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const parsed = JSON.parse(output) as Packed[] | Record<string, Packed>;
	const [packed] = Object.values(parsed);
	const files = packed?.files.map(({ path }) => path) ?? [];

	it(`is at most ${MAX_TARBALL_BYTES} bytes`, () => {
		expect(packed?.size).toBeGreaterThan(1000);
		expect(packed?.size).toBeLessThanOrEqual(MAX_TARBALL_BYTES);
	});

	it('holds what users need and nothing else', () => {
		const expected =
			/^(package\.json|index\.js|README\.md|LICENSE|dist\/(nodes|credentials)\/[\w/.]+\.js|dist\/nodes\/\w+\/\w+\.node\.json|dist\/icons\/[\w.]+\.svg)$/;
		expect(files.filter((file) => !expected.test(file))).toEqual([]);
		for (const file of ['index.js', 'README.md', 'LICENSE']) {
			expect(files).toContain(file);
		}
	});

	it('holds every node, credential, codex and icon', () => {
		for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
			expect(files).toContain(file);
		}
		for (const node of manifest.n8n.nodes) expect(files).toContain(node.replace(/\.js$/, '.json'));
		for (const icon of ['wan27', 'runflow']) {
			expect(files).toContain(`dist/icons/${icon}.svg`);
			expect(files).toContain(`dist/icons/${icon}.dark.svg`);
		}
	});
});

describe('package.json', () => {
	it('has no runtime dependencies, and n8n-workflow alone as a peer', () => {
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.overrides).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.license).toBe('MIT');
	});

	it('leads to the same classes as index.js', () => {
		// eslint's rule against require is for the package; this is what its users write.
		const main = jest.requireActual<Record<string, unknown>>(join(ROOT, manifest.main));
		for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
			const own = jest.requireActual<Record<string, unknown>>(join(ROOT, file));
			for (const [name, value] of Object.entries(own)) expect(main[name]).toBe(value);
		}
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
