import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('build', { recursive: true });
writeFileSync('build/index.html', '<h1>Buoys</h1>\n');
