import { modelId } from '../../../../../nodes/Runflow/resources/model/modelId';

const idOf = (value: unknown) => modelId(value, () => null);

it.each([
	['alibaba/wan/v2.7/pro/edit', 'alibaba/wan/v2.7/pro/edit'],
	[' /alibaba/wan/ \u200b\n', 'alibaba/wan'],
	['"alibaba/wan"', 'alibaba/wan'],
	['models/alibaba/wan', 'alibaba/wan'],
	['/v1/models/alibaba/wan/runs', 'alibaba/wan'],
	['https://docs.runflow.io/models/alibaba/wan.md?x=1#y', 'alibaba/wan'],
	['https://api.runflow.io/v1/models/alibaba/wan/runs', 'alibaba/wan'],
	['https://docs.runflow.io/models/a/../b/c', 'b/c'],
])('reads %j as %s', (given, accepted) => {
	expect(idOf(given)).toEqual({ accepted });
});

it.each([
	'wan',
	'a//b',
	'a/../b',
	'a/./b',
	'../a/b',
	'a/b/..',
	'a/.b',
	'a/b?c',
	'a/b#c',
	'a/b%2f..%2fc',
	'a/b\\..\\c',
	'a/b c',
	'@host/b',
	'a:b/c',
	'https://docs.runflow.io/a/b',
	'https://docs.runflow.io/models/a/%2e%2e/%2e%2e/b',
	'https://docs.runflow.io/models/a%2fb',
	'runflow://assets/1',
	7,
	{},
	[],
])('refuses %j', (given) => {
	expect(idOf(given)).toHaveProperty('problem');
});
