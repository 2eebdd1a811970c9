import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
import{q as c,v as p,y as f}from"./chunk-CPYKYLWT.js";import"./chunk-K3ODIEOM.js";import"./chunk-DTJOCG52.js";import{parentPort as d}from"node:worker_threads";function m(r){let{recipe:o,source:t,only:y,range:u,cells:n,begun:g,hits:h,flipped:a}=r,w=f(o),D=c(t.clean,t.modalities,t.plan),s=p(n,r.clean),l=()=>Atomics.add(g,0,1);for(let e=l();e<a.length;e=l()){let i=s.count(w.predict(D.draw(u.from+e,y)));h.set(i.hits,e*n.sizes.length),a[e]=i.flipped}return s.right.slice()}d.on("message",r=>{let o=m(r);d.postMessage(o,[o.buffer])});
