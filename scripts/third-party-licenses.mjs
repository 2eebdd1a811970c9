// What the licenses of bundled packages ask for: their text, with the copyright notices that stand in the code.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const RULE = '-'.repeat(100);

const INTRODUCTION = [
  'fusion-gate contains the following packages. Some carry no license file of their own; for them the standard texts',
  'at the end apply, together with the notices that stand in their code.',
].join('\n');

/**
 * @param {string} root the repository
 * @param {readonly string[]} files bundled files, relative to it
 * @param {readonly string[]} comments license comments found in them
 * @returns {Promise<string>} the same text for the same packages
 */
export async function thirdPartyLicenses(root, files, comments) {
  const packages = [...new Set(files.map(packageFolder).filter(Boolean))].sort();
  const parts = await Promise.all(packages.map((folder) => licenseOf(root, folder)));
  const standard = await Promise.all(
    ['MIT', 'Apache-2.0'].map((name) => readFile(join(root, 'scripts/licenses', `${name}.txt`), 'utf8')),
  );
  const sections = [
    INTRODUCTION,
    ...parts,
    `Notices in the code\n\n${notices(comments)}`,
    ...standard.map((text) => text.trim()),
  ];
  return `${sections.join(`\n\n${RULE}\n\n`)}\n`;
}

function packageFolder(file) {
  const at = file.lastIndexOf('node_modules/');
  if (at === -1) return undefined;
  const [scope, name] = file.slice(at + 'node_modules/'.length).split('/');
  return file.slice(0, at) + 'node_modules/' + (scope.startsWith('@') ? `${scope}/${name}` : scope);
}

async function licenseOf(root, folder) {
  const { name, version, license, author, repository } = JSON.parse(
    await readFile(join(root, folder, 'package.json'), 'utf8'),
  );
  const facts = [
    `${name} ${version}`,
    `License: ${typeof license === 'string' ? license : 'see its text'}`,
    ...lineOf('Author', author?.name ?? author),
    ...lineOf('Source', repository?.url ?? repository),
  ].join('\n');
  const file = (await readdir(join(root, folder)))
    .sort()
    .find((entry) => /^(licen[cs]e|copying)\b/i.test(entry));
  if (file === undefined) return facts;
  const text = await readFile(join(root, folder, file), 'utf8');
  return `${facts}\n\n${text.replaceAll('\r\n', '\n').trim()}`;
}

function lineOf(label, value) {
  return typeof value === 'string' ? [`${label}: ${value}`] : [];
}

/** Each notice once: the same ones stand in hundreds of files. */
function notices(comments) {
  const found = comments
    .flatMap((text) => text.match(/\/\*[^]*?\*\/|\/\/.*$/gm) ?? [])
    .map((comment) => comment.replaceAll(/\r?\n {2,}/g, '\n ').trim());
  return [...new Set(found)].sort().join('\n\n');
}
