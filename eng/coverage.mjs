// Adds up the line coverage of all test projects: a line is covered when any of them ran it.
//   node eng/coverage.mjs <folder with cobertura files> <percent> <top-level folder>... [--without <folder>]...
// Every folder must reach the percentage; a folder that does not exist yet is left out. What is under a folder after --without does not count:
// its tests could not run here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

const [reports, floor, ...rest] = process.argv.slice(2);
const without = rest.filter((_, index) => rest[index - 1] === '--without');
const folders = rest.filter(folder => folder !== '--without' && !without.includes(folder));
for (const folder of without) console.log(`${folder} does not count: what its tests need is not installed`);
const root = process.cwd();
const lines = new Map(); // file -> Map(line -> covered)

for (const report of readdirSync(reports, { recursive: true }).filter(f => f.endsWith('.cobertura.xml'))) {
  const xml = readFileSync(join(reports, report), 'utf8');
  const sources = [...xml.matchAll(/<source>([^<]*)<\/source>/g)].map(m => m[1]);
  for (const [, name, body] of xml.matchAll(/<class [^>]*filename="([^"]*)"[^>]*>([\s\S]*?)<\/class>/g)) {
    const candidates = [resolve('/', name), ...sources.map(source => join(source, name))];
    const path = candidates.find(candidate => candidate.startsWith(root + sep) && existsSync(candidate));
    if (!path) continue;
    const file = relative(root, path);
    const covered = lines.get(file) ?? lines.set(file, new Map()).get(file);
    for (const [, number, hits] of body.matchAll(/<line number="(\d+)" hits="(\d+)"/g)) {
      covered.set(number, covered.get(number) || hits !== '0');
    }
  }
}

let enough = true;
for (const folder of folders.filter(f => existsSync(f))) {
  const files = [...lines].filter(([file]) => file.startsWith(folder + sep) && !without.some(left => file.startsWith(left + sep)));
  const all = files.flatMap(([, covered]) => [...covered.values()]);
  const hit = all.filter(Boolean).length;
  const percent = all.length ? (100 * hit) / all.length : 0;
  console.log(`${folder}: ${percent.toFixed(1)} % of ${all.length} lines`);
  if (percent < Number(floor)) {
    enough = false;
    const worst = files.map(([file, c]) => [[...c.values()].filter(h => !h).length, file]).sort((a, b) => b[0] - a[0]).slice(0, 10);
    for (const [missed, file] of worst) console.log(`  ${missed} lines not covered in ${file}`);
  }
}
process.exit(enough ? 0 : 1);
