import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
import{O as d,P as s,Z as m}from"./chunk-5CQ3JGRC.js";import"./chunk-ZUBESOKV.js";import"./chunk-K3ODIEOM.js";import"./chunk-DTJOCG52.js";import{parentPort as y}from"node:worker_threads";function f(r){let{recipe:o,source:u,only:g,range:h,cells:n,begun:w,hits:C,flipped:l}=r,D=m(o),b=d(u),a=s(n,r.clean),k=r.slices.map(e=>({...e,tally:s(e.cells,r.clean)})),c=()=>Atomics.add(w,0,1);for(let e=c();e<l.length;e=c()){let i=D.predict(b.draw(h.from+e,g)),p=a.count(i);C.set(p.hits,e*n.sizes.length),l[e]=p.flipped;for(let t of k)t.hits.set(t.tally.count(i).hits,e*t.cells.sizes.length)}return a.right.slice()}y.on("message",r=>{let o=f(r);y.postMessage(o,[o.buffer])});
