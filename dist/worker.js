import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
import{q as y,w as s,z as f}from"./chunk-BMVTF4MC.js";import"./chunk-K3ODIEOM.js";import"./chunk-DTJOCG52.js";import{parentPort as u}from"node:worker_threads";function m(r){let{recipe:o,source:t,only:g,range:h,cells:l,begun:w,hits:A,flipped:a}=r,D=f(o),b=y(t.clean,t.modalities,t.plan),i=s(l,r.clean),k=r.slices.map(e=>({...e,tally:s(e.cells,r.clean)})),c=()=>Atomics.add(w,0,1);for(let e=c();e<a.length;e=c()){let p=D.predict(b.draw(h.from+e,g)),d=i.count(p);A.set(d.hits,e*l.sizes.length),a[e]=d.flipped;for(let n of k)n.hits.set(n.tally.count(p).hits,e*n.cells.sizes.length)}return i.right.slice()}u.on("message",r=>{let o=m(r);u.postMessage(o,[o.buffer])});
