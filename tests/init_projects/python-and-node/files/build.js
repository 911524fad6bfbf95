require('node:fs').writeFileSync('bundle.js', '');
