module.exports = n8nRequire('n8n-core');
