// n8n loads each node and credential by the paths in package.json; this file is for everyone else.
const { RunflowApi } = require('./dist/credentials/RunflowApi.credentials.js');
const { RunflowTrigger } = require('./dist/nodes/RunflowTrigger/RunflowTrigger.node.js');
const { Wan27 } = require('./dist/nodes/Wan27/Wan27.node.js');

module.exports = { RunflowApi, RunflowTrigger, Wan27 };
