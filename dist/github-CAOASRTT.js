import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
import{c as a,d as b}from"./chunk-4XOQ54AE.js";import"./chunk-TU5P45PE.js";import"./chunk-DTJOCG52.js";export{a as context,b as getOctokit};
