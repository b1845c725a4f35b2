// n8n loads each node and credential by the paths in package.json; this file is for everyone else.
module.exports = require('./dist/index.js');
