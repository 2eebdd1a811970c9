import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
import{a as o}from"./chunk-P7G7ILAO.js";import{existsSync as s}from"node:fs";import{dirname as m,join as f,resolve as a}from"node:path";function k(r,e,t){let i=f(m(r),e);if(s(a(t.base,i)))return t.locate(i,"weight file");throw new o(`The model "${r}" takes weights from the file "${e}", which is missing. Copy the model again with all its files.`)}import{existsSync as p}from"node:fs";import{createRequire as n}from"node:module";import{join as u}from"node:path";import{fileURLToPath as g,pathToFileURL as l}from"node:url";function c(r,e){let t=new URL(`./${r}`,import.meta.url);return p(t)?t:l(n(import.meta.url).resolve(e))}function U(r,e){return g(c(r,e))}function b(r,e){let t=n(u(e,"noop.js")),i;try{i=t.resolve(r)}catch{return}return t(i)}export{k as a,c as b,U as c,b as d};
